namespace OrleansLake.Storage;

/// <summary>
/// A place between two frames of a partition's log. Frames without rows (a batch of which all was rejected, say)
/// have a sequence number, too: that is why an offset alone would not do.
/// </summary>
/// <param name="Sequence">The number of the frame that comes next, from 0, dense over segments and owners.</param>
/// <param name="Offset">The offset of the row that comes next, from 0, dense.</param>
public readonly record struct LogPosition(long Sequence, long Offset) : IComparable<LogPosition>
{
    /// <summary>Gets the position before the first frame.</summary>
    public static LogPosition Start => default;

    /// <inheritdoc/>
    public int CompareTo(LogPosition other) => Sequence.CompareTo(other.Sequence);

    /// <summary>Returns whether one place comes before another.</summary>
    public static bool operator <(LogPosition left, LogPosition right) => left.Sequence < right.Sequence;

    /// <summary>Returns whether one place comes after another.</summary>
    public static bool operator >(LogPosition left, LogPosition right) => left.Sequence > right.Sequence;

    /// <summary>Returns whether one place comes before another, or is it.</summary>
    public static bool operator <=(LogPosition left, LogPosition right) => left.Sequence <= right.Sequence;

    /// <summary>Returns whether one place comes after another, or is it.</summary>
    public static bool operator >=(LogPosition left, LogPosition right) => left.Sequence >= right.Sequence;
}
