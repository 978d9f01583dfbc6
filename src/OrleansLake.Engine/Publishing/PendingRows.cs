using OrleansLake.Core.Messages;
using OrleansLake.Storage;

namespace OrleansLake.Engine.Publishing;

/// <summary>
/// What was applied and waits to be published, of a live lake and of one that is replayed alike. At a bound it is to be
/// published before more is applied: that bounds the memory.
/// </summary>
internal sealed class PendingRows(int rowsMax)
{
    /// <summary>Text that may wait; rows without their text take about 70 bytes each.</summary>
    internal const long BytesMax = 256L * 1024 * 1024;

    private readonly List<AppliedBatch> _batches = [];
    private readonly List<QuarantinedRecord> _rejected = [];
    private long _bytes;

    internal IReadOnlyList<AppliedBatch> Batches => _batches;

    internal IReadOnlyList<QuarantinedRecord> Rejected => _rejected;

    /// <summary>How many rows wait.</summary>
    internal long Count { get; private set; }

    internal bool IsEmpty => _batches.Count == 0 && _rejected.Count == 0;

    internal bool IsFull => IsFullBeside(null);

    /// <summary>Whether it has reached the bound together with what is being published at the moment.</summary>
    internal bool IsFullBeside(PendingRows? publishing) =>
        Count + (publishing?.Count ?? 0) >= rowsMax || _bytes + (publishing?._bytes ?? 0) >= BytesMax;

    internal void Add(AppliedBatch batch)
    {
        _batches.Add(batch);
        Count += batch.Batch.Count;
        _bytes += batch.TextBytes;
    }

    internal void Add(long sequence, long writtenAt, string source, IReadOnlyList<Rejection> rejections)
    {
        for (int i = 0; i < rejections.Count; i++)
        {
            _rejected.Add(new QuarantinedRecord(new QuarantineId(sequence, i), writtenAt, source, rejections[i]));
            _bytes += rejections[i].Raw.Length;
        }
    }

    /// <summary>Adds what was applied after this.</summary>
    internal void Add(PendingRows later)
    {
        _batches.AddRange(later._batches);
        _rejected.AddRange(later._rejected);
        Count += later.Count;
        _bytes += later._bytes;
    }

    internal void Clear()
    {
        _batches.Clear();
        _rejected.Clear();
        Count = 0;
        _bytes = 0;
    }
}
