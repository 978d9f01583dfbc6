using System.Buffers.Binary;

namespace OrleansLake.Parquet.Tests.Fuzzing;

/// <summary>
/// Damages a good file where it hurts: numbers, lengths, types and counts of its structures (footer, page heads, page
/// indexes, bloom filter heads), the first bytes of pages, where levels and encodings have their lengths, and any bytes.
/// A structure may grow or shrink; the footer's length is then put right, so that the damage is what is read.
/// </summary>
internal sealed class ParquetMutator
{
    private static readonly long[] Numbers =
        [0, 1, -1, 2, 3, 7, 8, 63, 64, 127, 128, 255, 1 << 15, 1 << 20, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 40, long.MaxValue, long.MinValue];

    private readonly byte[] _good;
    private readonly int _footer;
    private readonly List<ThriftToken> _footerTokens;
    private readonly List<ThriftToken> _bodyTokens = [];
    private readonly List<int> _pageBodies = [];
    private int _grownBefore;

    public ParquetMutator(byte[] good)
    {
        _good = good;
        _footer = good.Length - 8 - BinaryPrimitives.ReadInt32LittleEndian(good.AsSpan(good.Length - 8));
        _footerTokens = new ThriftTokens(good, _footer).ReadStruct().Tokens;
        using ParquetReader reader = ParquetReader.Open(good, "good");
        foreach (ColumnChunkMetadata chunk in reader.Metadata.RowGroups.SelectMany(group => group.Columns))
        {
            AddStructure(chunk.ColumnIndexOffset);
            AddStructure(chunk.OffsetIndexOffset);
            AddStructure(chunk.BloomFilterOffset);
            AddPages(chunk);
        }
    }

    public byte[] Mutate(int seed)
    {
        var random = new Random(seed);
        var bad = new List<byte>(_good);
        _grownBefore = 0;
        int edits = random.Next(1, 4);

        // From the end to the start, so that places found in the good file stay right while bytes come and go.
        foreach ((int place, Action<List<byte>> edit) in Enumerable.Range(0, edits).Select(_ => Edit(random)).OrderByDescending(each => each.Place))
        {
            if (place < bad.Count)
            {
                edit(bad);
            }
        }

        byte[] bytes = [.. bad];
        if (random.Next(20) == 0)
        {
            return bytes[..random.Next(bytes.Length)];
        }

        if (bytes.Length >= 8 && random.Next(10) != 0)
        {
            // The footer starts where it did, moved by what the pages before it grew.
            int footer = _footer + _grownBefore;
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(bytes.Length - 8), bytes.Length - 8 - footer);
        }

        return bytes;
    }

    private (int Place, Action<List<byte>> Run) Edit(Random random)
    {
        int choice = random.Next(10);
        if (choice < 4 || (choice < 7 && _bodyTokens.Count == 0))
        {
            return OfToken(_footerTokens[random.Next(_footerTokens.Count)], random);
        }

        if (choice < 7)
        {
            return OfToken(_bodyTokens[random.Next(_bodyTokens.Count)], random);
        }

        int at = choice < 9 && _pageBodies.Count != 0
            ? Math.Min(_pageBodies[random.Next(_pageBodies.Count)] + random.Next(12), _good.Length - 1)
            : random.Next(_good.Length);
        byte value = random.Next(4) switch { 0 => (byte)(_good[at] ^ (1 << random.Next(8))), 1 => 0xFF, 2 => 0, _ => (byte)random.Next(256) };
        return (at, bytes => bytes[at] = value);
    }

    private (int Place, Action<List<byte>> Run) OfToken(ThriftToken token, Random random)
    {
        byte[] replacement = token.Kind switch
        {
            ThriftTokenKind.FieldHead or ThriftTokenKind.ListHead => [random.Next(2) == 0 ? (byte)random.Next(256) : (byte)((_good[token.Start] & 0xF0) | random.Next(13))],
            ThriftTokenKind.BinaryBytes => Noise(random),
            _ => Varint(random.Next(3) == 0 ? NumberAt(token) + random.Next(-3, 4) : Numbers[random.Next(Numbers.Length)], token.Kind == ThriftTokenKind.Number),
        };
        return (token.Start, bytes =>
        {
            bytes.RemoveRange(token.Start, Math.Min(token.Length, bytes.Count - token.Start));
            bytes.InsertRange(token.Start, replacement);
            _grownBefore += token.Start < _footer ? replacement.Length - token.Length : 0;
        }
        );
    }

    private static byte[] Noise(Random random)
    {
        byte[] noise = new byte[random.Next(20)];
        random.NextBytes(noise);
        return noise;
    }

    private long NumberAt(ThriftToken token)
    {
        ulong raw = 0;
        for (int i = 0; i < token.Length; i++)
        {
            raw |= (ulong)(_good[token.Start + i] & 0x7F) << (7 * i);
        }

        return token.Kind == ThriftTokenKind.Number ? (long)(raw >> 1) ^ -(long)(raw & 1) : (long)raw;
    }

    private static byte[] Varint(long value, bool isZigZag)
    {
        ulong raw = isZigZag ? (ulong)(value << 1) ^ (ulong)(value >> 63) : (ulong)value;
        var bytes = new List<byte>();
        for (; raw >= 0x80; raw >>= 7)
        {
            bytes.Add((byte)(raw | 0x80));
        }

        bytes.Add((byte)raw);
        return [.. bytes];
    }

    private void AddStructure(long? offset)
    {
        if (offset is { } start)
        {
            _bodyTokens.AddRange(new ThriftTokens(_good, (int)start).ReadStruct().Tokens);
        }
    }

    private void AddPages(ColumnChunkMetadata chunk)
    {
        int at = (int)chunk.Start;
        int end = (int)(at + chunk.CompressedBytes);
        while (at > 0 && at < end)
        {
            ThriftTokens head = new ThriftTokens(_good, at).ReadStruct();
            _bodyTokens.AddRange(head.Tokens);
            _pageBodies.Add(head.End);

            // A page's head begins with its type and its two sizes: a field head and a number each.
            at = head.End + (int)NumberAt(head.Tokens[5]);
        }
    }
}
