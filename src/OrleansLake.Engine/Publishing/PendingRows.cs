using OrleansLake.Core.Messages;

namespace OrleansLake.Engine.Publishing;

/// <summary>
/// The rows that were applied and wait to be published, of a live lake and of one that is replayed alike. At a bound it is to be
/// published before more is applied: that bounds the memory.
/// </summary>
internal sealed class PendingRows(int rowsMax)
{
    /// <summary>Text that may wait; rows without their text take about 70 bytes each.</summary>
    internal const long BytesMax = 256L * 1024 * 1024;

    // Batches of so many rows are merged once they add up to so many; what is large already is left as it is.
    private const int SmallRows = 1024;
    private const int MergedRows = 16 * 1024;

    private readonly List<AppliedBatch> _batches = [];
    private readonly List<QuarantinedRecord> _rejected = [];
    private long _bytes;
    private int _smallRows;     // in the last batches, which follow each other
    private int _smallCount;

    internal IReadOnlyList<AppliedBatch> Batches => _batches;

    internal IReadOnlyList<QuarantinedRecord> Rejected => _rejected;

    /// <summary>Gets the number of rows that wait.</summary>
    internal long Count { get; private set; }

    internal bool IsEmpty => _batches.Count == 0 && _rejected.Count == 0;

    internal bool IsFull => IsFullBeside(null);

    /// <summary>Gets a value indicating whether it has reached the bound together with what is being published at present.</summary>
    internal bool IsFullBeside(PendingRows? publishing) =>
        Count + (publishing?.Count ?? 0) >= rowsMax || _bytes + (publishing?._bytes ?? 0) >= BytesMax;

    internal void Add(AppliedBatch batch)
    {
        bool isSmall = batch.Batch.Count <= SmallRows;
        bool goesOn = isSmall && _smallCount > 0 && _batches[^1] is var last
            && last.IsInBronze == batch.IsInBronze && last.FirstOffset + last.Batch.Count == batch.FirstOffset;
        (_smallRows, _smallCount) = goesOn ? (_smallRows + batch.Batch.Count, _smallCount + 1) : isSmall ? (batch.Batch.Count, 1) : (0, 0);
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

    /// <summary>Returns the last batches, if they are small and enough to be merged into one; else none.</summary>
    internal AppliedBatch[] SmallBatches() => _smallRows >= MergedRows ? [.. _batches.TakeLast(_smallCount)] : [];

    /// <summary>Puts one batch in the place of the last ones, which hold the same rows, unless they are not here any more.</summary>
    internal void Replace(AppliedBatch[] last, AppliedBatch merged)
    {
        if (_smallCount == last.Length && _batches.Count >= last.Length && ReferenceEquals(_batches[^last.Length], last[0]))
        {
            _batches.RemoveRange(_batches.Count - last.Length, last.Length);
            _batches.Add(merged);
            (_smallRows, _smallCount) = (0, 0);
        }
    }

    /// <summary>Adds what was applied after this.</summary>
    internal void Add(PendingRows later)
    {
        (_smallRows, _smallCount) = (later._smallRows, later._smallCount);
        _batches.AddRange(later._batches);
        _rejected.AddRange(later._rejected);
        Count += later.Count;
        _bytes += later._bytes;
    }

    internal void Clear()
    {
        _batches.Clear();
        _rejected.Clear();
        (_smallRows, _smallCount) = (0, 0);
        Count = 0;
        _bytes = 0;
    }
}
