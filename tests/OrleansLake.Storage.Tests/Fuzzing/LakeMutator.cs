using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using OrleansLake.Storage.Checksums;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Snapshots;

namespace OrleansLake.Storage.Tests.Fuzzing;

/// <summary>
/// Damages the files of a log and a checkpoint where it hurts, and puts their checksums right, so that the damage is what
/// is read: values, counts and texts of a manifest, heads and payloads of frames, sections and directory of a state file.
/// One input in four is damaged without that.
/// </summary>
internal static class LakeMutator
{
    private static readonly long[] Numbers =
        [0, 1, -1, 2, 7, 8, 63, 64, 127, 128, 255, 256, 65_535, 65_536, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 40, 1L << 48, long.MaxValue, long.MinValue];

    public static byte[] Mutate(string path, byte[] good, Random random)
    {
        byte[] bad = (byte[])good.Clone();
        if (random.Next(4) == 0)
        {
            Scribble(bad, random);
            return random.Next(4) == 0 ? bad[..random.Next(bad.Length)] : bad;
        }

        return path.EndsWith(".json", StringComparison.Ordinal) || path.Contains("/files-", StringComparison.Ordinal) ? Json(good, random)
            : path.EndsWith(".log", StringComparison.Ordinal) ? Segment(bad, random)
            : State(bad, random);
    }

    private static byte[] Json(byte[] good, Random random)
    {
        byte[] document = good[..^16];
        if (random.Next(3) == 0)
        {
            Scribble(document, random);
        }
        else
        {
            JsonNode root = JsonNode.Parse(document)!;
            for (int edits = random.Next(1, 4); edits > 0; edits--)
            {
                Edit(root, random);
            }

            document = [.. Encoding.UTF8.GetBytes(root.ToJsonString()), (byte)'\n'];
        }

        return [.. document, .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"crc32c {Crc32C.Of(document):x8}\n"))];
    }

    private static void Edit(JsonNode root, Random random)
    {
        JsonNode node = root;
        while (true)
        {
            switch (node)
            {
                case JsonObject { Count: > 0 } owner:
                    string name = owner.ElementAt(random.Next(owner.Count)).Key;
                    if (owner[name] is (JsonObject or JsonArray) and { } inner && random.Next(4) != 0)
                    {
                        node = inner;
                        continue;
                    }

                    if (random.Next(4) == 0)
                    {
                        owner.Remove(name);
                    }
                    else
                    {
                        owner[name] = Value(owner[name], random);
                    }

                    return;
                case JsonArray { Count: > 0 } list:
                    int index = random.Next(list.Count);
                    if (list[index] is (JsonObject or JsonArray) and { } element && random.Next(4) != 0)
                    {
                        node = element;
                        continue;
                    }

                    if (random.Next(2) == 0)
                    {
                        list.Add(list[index]?.DeepClone());
                    }
                    else
                    {
                        list[index] = Value(list[index], random);
                    }

                    return;
                default:
                    return;
            }
        }
    }

    private static JsonNode? Value(JsonNode? before, Random random) => random.Next(6) switch
    {
        0 => null,
        1 => new JsonArray(),
        2 => new JsonObject(),
        3 => JsonValue.Create("../x/" + random.Next(10).ToString(CultureInfo.InvariantCulture)),
        _ when before is JsonValue value && value.TryGetValue(out long number) && random.Next(2) == 0 => JsonValue.Create(number + random.Next(-3, 4)),
        _ => JsonValue.Create(Numbers[random.Next(Numbers.Length)]),
    };

    private static byte[] Segment(byte[] bytes, Random random)
    {
        if (random.Next(8) == 0)
        {
            Number(bytes.AsSpan(8, 48), random);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(60), Crc32C.Of(bytes.AsSpan(0, 60)));
            return bytes;
        }

        var frames = new List<int>();
        for (int at = SegmentHeader.Bytes; at + FrameHeader.Bytes <= bytes.Length && FrameHeader.TryRead(bytes.AsSpan(at), out FrameHeader frame); at += (int)frame.Stride)
        {
            frames.Add(at);
        }

        for (int edits = frames.Count == 0 ? 0 : random.Next(1, 3); edits > 0; edits--)
        {
            Span<byte> frame = bytes.AsSpan(frames[random.Next(frames.Count)]);
            int payload = BinaryPrimitives.ReadInt32LittleEndian(frame[8..]);
            if (random.Next(3) == 0 || payload < 8 || payload > frame.Length - FrameHeader.Bytes)
            {
                Number(frame[4..92], random);
            }
            else
            {
                Span<byte> body = frame.Slice(FrameHeader.Bytes, payload);
                Number(body, random);
                BinaryPrimitives.WriteUInt32LittleEndian(frame[12..], Crc32C.Of(body));
            }

            BinaryPrimitives.WriteUInt32LittleEndian(frame[92..], Crc32C.Of(frame[..92]));
        }

        return bytes;
    }

    private static byte[] State(byte[] bytes, Random random)
    {
        int count = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(bytes.Length - 16));
        int directory = bytes.Length - 16 - (count * StateFileWriter.EntryBytes);
        int choice = random.Next(8);
        if (choice == 0)
        {
            Number(bytes.AsSpan(8, 20), random);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(28), Crc32C.Of(bytes.AsSpan(0, 28)));
            return bytes;
        }

        if (choice == 1)
        {
            Number(bytes.AsSpan(directory, bytes.Length - 12 - directory), random);
        }
        else
        {
            Span<byte> entry = bytes.AsSpan(directory + (random.Next(count) * StateFileWriter.EntryBytes));
            Span<byte> section = bytes.AsSpan((int)BinaryPrimitives.ReadInt64LittleEndian(entry), (int)BinaryPrimitives.ReadInt64LittleEndian(entry[8..]));
            for (int edits = random.Next(1, 4); edits > 0; edits--)
            {
                Number(section, random);
            }

            BinaryPrimitives.WriteUInt32LittleEndian(entry[16..], Crc32C.Of(section));
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - 12), Crc32C.Of(bytes.AsSpan(directory, bytes.Length - 12 - directory)));
        return bytes;
    }

    private static void Number(Span<byte> within, Random random)
    {
        int width = random.Next(3) switch { 0 => 1, 1 => 4, _ => 8 };
        if (within.Length < width)
        {
            return;
        }

        int at = random.Next(within.Length - width + 1);
        at -= random.Next(2) == 0 && at >= at % 4 ? at % 4 : 0;
        long value = Numbers[random.Next(Numbers.Length)];
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        bytes[..width].CopyTo(within[at..]);
    }

    private static void Scribble(Span<byte> bytes, Random random)
    {
        for (int edits = random.Next(1, 6); edits > 0; edits--)
        {
            bytes[random.Next(bytes.Length)] = random.Next(3) switch { 0 => 0, 1 => 0xFF, _ => (byte)random.Next(256) };
        }
    }
}
