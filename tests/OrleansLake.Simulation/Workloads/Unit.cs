using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.State;
using OrleansLake.Engine;
using OrleansLake.Storage;
using OrleansLake.Testing;

namespace OrleansLake.Simulation.Workloads;

/// <summary>What is sent at once and must be in the lake whole or not at all: a producer's batch, or another program's file.</summary>
public sealed class Unit
{
    private const long MicrosecondsPerDay = 86_400_000_000;
    private static readonly string?[] EventTypes = ["SENT", "OPEN", "CREATED", null, "", "NONE"];
    private static readonly string?[] Channels = ["CHAT", "SMS", "PUSH", null];

    private Unit(int number, bool isForeign, IReadOnlyList<SimulatedMessage> messages, IReadOnlyList<Rejection> rejections)
    {
        Number = number;
        IsForeign = isForeign;
        Messages = messages;
        Rejections = rejections;
    }

    public int Number { get; }

    public bool IsForeign { get; }

    public IReadOnlyList<SimulatedMessage> Messages { get; }

    public IReadOnlyList<Rejection> Rejections { get; }

    /// <summary>Where it lies, if it is another program's file.</summary>
    public string Path => $"{LakePaths.BronzeData}/other-{Number:D4}.parquet";

    /// <summary>A unit that follows from a seed and its number: few ids and times, so that copies, ties and retractions are many.</summary>
    public static Unit Make(int seed, int number, bool isForeign)
    {
        var random = new Random(HashCode(seed, number));
        var messages = new SimulatedMessage[random.Next(1, 9)];
        for (int i = 0; i < messages.Length; i++)
        {
            long? time = isForeign && random.Next(8) == 0 ? null : 1_734_350_400_000_000 + (random.Next(-4, 5) * MicrosecondsPerDay / 2) + random.Next(3);
            int id = random.Next(6);
            messages[i] = new SimulatedMessage($"unit {number} row {i} {new string('x', random.Next(120))}", new Message(
                time, EventTypes[random.Next(EventTypes.Length)], id < 3 ? $"m{id}" : new Guid(id, 1, 2, [1, 2, 3, 4, 5, 6, 7, 8]).ToString(),
                Channels[random.Next(Channels.Length)], random.Next(5) == 0 ? null : random.Next(1998, 2018), random.Next(4),
                time is { } micros ? (int)Math.Floor((decimal)micros / MicrosecondsPerDay) : LakeState.NoDay));
        }

        Rejection[] rejections = isForeign || random.Next(3) > 0 ? [] :
        [
            .. Enumerable.Range(0, random.Next(1, 3)).Select(i => new Rejection(
                RejectionReason.NotReadable, "not JSON", i + 1, i * 10, Encoding.UTF8.GetBytes($"rejected {number} {i}"))),
        ];
        return new Unit(number, isForeign, messages, rejections);
    }

    public MessageBatch Batch()
    {
        var batch = new MessageBatch();
        foreach ((string value, Message message) in Messages)
        {
            Append(batch.Timestamps, message.Timestamp);
            batch.Values.Append(Encoding.UTF8.GetBytes(value));
            Append(message.EventType, batch.EventTypes.Append, batch.EventTypes.AppendNull);
            Append(message.MessageId, batch.MessageIds.Append, batch.MessageIds.AppendNull);
            Append(message.Channel, batch.Channels.Append, batch.Channels.AppendNull);
            Append(batch.CountryIds, message.CountryId);
            Append(batch.UserIds, message.UserId);
        }

        return batch;
    }

    public byte[] ForeignBytes()
    {
        using var bytes = new MemoryStream();
        BronzeFiles.Write(bytes, Batch());
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
