using System.Globalization;
using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;
using OrleansLake.Storage;
using OrleansLake.TestSupport;

namespace OrleansLake.Simulation.Workloads;

/// <summary>The unit of what is sent at once: a producer's batch or an external file, which must be in the lake whole or not at all,
/// or lines through a pipe.</summary>
public sealed class Unit
{
    private Unit(int number, UnitKind kind, IReadOnlyList<SentMessage> messages, IReadOnlyList<Rejection> rejections)
    {
        Number = number;
        Kind = kind;
        Messages = messages;
        Rejections = rejections;
    }

    public int Number { get; }

    public UnitKind Kind { get; }

    public IReadOnlyList<SentMessage> Messages { get; }

    public IReadOnlyList<Rejection> Rejections { get; }

    /// <summary>Gets the place where it is, if it is an external file.</summary>
    public string Path => $"{LakePaths.BronzeData}/other-{Number:D4}.parquet";

    /// <summary>A unit that follows from a seed and its number.</summary>
    public static Unit Make(int seed, int number, UnitKind kind)
    {
        var random = new Random(HashCode(seed, number));
        var messages = new SentMessage[random.Next(1, 9)];
        for (int i = 0; i < messages.Length; i++)
        {
            messages[i] = SentMessage.Make(random, $"unit {number} row {i} {new string('x', random.Next(120))}", kind == UnitKind.Foreign);
        }

        Rejection[] rejections = kind != UnitKind.Batch || random.Next(3) > 0 ? [] :
        [
            .. Enumerable.Range(0, random.Next(1, 3)).Select(i => new Rejection(
                RejectionReason.NotReadable, "not JSON", i + 1, i * 10, Encoding.UTF8.GetBytes($"rejected {number} {i}"))),
        ];
        return new Unit(number, kind, messages, rejections);
    }

    /// <summary>All of it as NDJSON, what is not a message at the end.</summary>
    public byte[] Body() => [.. Lines().SelectMany(line => line), .. Rejections.SelectMany(rejection => rejection.Raw.Append((byte)'\n'))];

    /// <summary>The messages as lines of NDJSON.</summary>
    public IEnumerable<byte[]> Lines() => Messages.Select(message => Encoding.UTF8.GetBytes(message.ToNdjson()));

    /// <summary>The messages as columns.</summary>
    /// <param name="keep">What the lake keeps beside them.</param>
    /// <param name="ids">The types of the lake's ids: the messages' numbers, or the digits of these as texts.</param>
    public MessageBatch Batch(KeptFields keep = KeptFields.None, IdTypes? ids = null)
    {
        ids ??= IdTypes.Default;
        var batch = new MessageBatch();
        KeptColumns? kept = keep == KeptFields.None ? null : batch.Keep(keep);
        foreach ((string value, Message message) in Messages)
        {
            Append(batch.Timestamps, message.Timestamp);
            batch.Values.Append(Encoding.UTF8.GetBytes(value));
            Append(message.EventType, batch.EventTypes.Append, batch.EventTypes.AppendNull);
            Append(message.MessageId, batch.MessageIds.Append, batch.MessageIds.AppendNull);
            Append(message.Channel, batch.Channels.Append, batch.Channels.AppendNull);
            Append(batch.CountryIds, ids.Country, message.CountryId);
            Append(batch.UserIds, ids.User, message.UserId);
            kept?.Append(Encoding.UTF8.GetBytes(SentAttributes.Of(value) ?? ""), "simulated"u8, batch.Count);
        }

        return batch;
    }

    public byte[] ExternalBytes(IdTypes? ids = null)
    {
        using var bytes = new MemoryStream();
        BronzeFiles.Write(bytes, Batch(ids: ids));
        return bytes.ToArray();
    }

    private static int HashCode(int seed, int number) => unchecked((seed * 486187739) + (number * 16777619));

    private delegate void AppendText(ReadOnlySpan<byte> text);

    private static void Append(string? text, AppendText append, Action appendNull)
    {
        if (text is null)
        {
            appendNull();
        }
        else
        {
            append(Encoding.UTF8.GetBytes(text));
        }
    }

    private static void Append(IdColumn column, IdType type, int? number)
    {
        if (number is not { } known)
        {
            column.AppendNull();
        }
        else if (type == IdType.Text)
        {
            column.Append(Encoding.UTF8.GetBytes(known.ToString(CultureInfo.InvariantCulture)));
        }
        else if (type == IdType.Number64)
        {
            column.AppendInt64(known);
        }
        else
        {
            column.Append(known);
        }
    }

    private static void Append<T>(NumberColumn<T> column, T? value)
        where T : unmanaged
    {
        if (value is { } number)
        {
            column.Append(number);
        }
        else
        {
            column.AppendNull();
        }
    }
}
