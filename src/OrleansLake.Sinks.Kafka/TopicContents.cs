using System.Buffers.Text;
using System.IO.Hashing;
using Confluent.Kafka;

namespace OrleansLake.Sinks.Kafka;

/// <summary>The rows that a topic has: of each key the record of the newest version.</summary>
internal sealed class TopicContents
{
    /// <summary>The headers of a record's version.</summary>
    internal const string EpochHeader = "epoch";

    /// <inheritdoc cref="EpochHeader"/>
    internal const string StepHeader = "step";

    private readonly Dictionary<UInt128, Record> _rows = [];

    /// <summary>Gets the newest epoch of a record; 0 if there is none.</summary>
    internal long NewestEpoch { get; private set; }

    /// <summary>Adds a record. One that is not of a sink, without a version, is passed over.</summary>
    internal void Add(Message<byte[]?, byte[]?> message)
    {
        if (message.Key is not { } key || Number(message.Headers, EpochHeader) is not { } epoch || Number(message.Headers, StepHeader) is not { } step)
        {
            return;
        }

        NewestEpoch = Math.Max(NewestEpoch, epoch);
        UInt128 hash = XxHash128.HashToUInt128(key);
        if (!_rows.TryGetValue(hash, out Record known) || (epoch, step).CompareTo(known.Version) >= 0)
        {
            _rows[hash] = new Record(key, message.Value is { } value ? XxHash128.HashToUInt128(RowOf(value)) : null, (epoch, step));
        }
    }

    /// <summary>Removes a row, and returns whether it was there with the same values.</summary>
    internal bool Take(byte[] key, ReadOnlySpan<byte> row) => _rows.Remove(XxHash128.HashToUInt128(key), out Record known) && known.Row == XxHash128.HashToUInt128(row);

    /// <summary>Returns the keys of the rows that are left.</summary>
    internal IEnumerable<byte[]> Left() => _rows.Values.Where(static record => record.Row is not null).Select(static record => record.Key);

    // The value of a record is {"epoch":E,"step":S,"row":ROW}.
    private static ReadOnlySpan<byte> RowOf(byte[] value)
    {
        int row = value.AsSpan().IndexOf(RecordSending.RowMember);
        return row < 0 ? value : value.AsSpan((row + RecordSending.RowMember.Length)..^1);
    }

    private static long? Number(Headers headers, string name) =>
        headers.TryGetLastBytes(name, out byte[]? text) && Utf8Parser.TryParse(text, out long number, out int used) && used == text.Length ? number : null;

    private readonly record struct Record(byte[] Key, UInt128? Row, (long Epoch, long Step) Version);
}
