using System.Diagnostics.CodeAnalysis;

namespace OrleansLake.Engine;

/// <summary>Rejected records from one to another, both included.</summary>
/// <param name="First">The first one.</param>
/// <param name="Last">The last one.</param>
public readonly record struct QuarantineRange(QuarantineId First, QuarantineId Last)
{
    /// <summary>Gets every record.</summary>
    public static QuarantineRange All { get; } = new(default, new QuarantineId(long.MaxValue, int.MaxValue, int.MaxValue));

    /// <summary>Gets a value indicating whether it is one record.</summary>
    public bool IsOne => First == Last;

    /// <summary>Reads <c>412.3</c>, <c>412.3..415.0</c>, or <c>412</c>: every record of one log frame; with <c>2/</c> before each, of partition 2.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out QuarantineRange range)
    {
        bool isRange = TryParseEnds(text, out range) && range.First <= range.Last;
        range = isRange ? range : default;
        return isRange;
    }

    /// <summary>Returns whether a text is a range whose last record comes before its first.</summary>
    public static bool IsBackwards(string? text) => TryParseEnds(text, out QuarantineRange range) && range.First > range.Last;

    private static bool TryParseEnds(string? text, out QuarantineRange range)
    {
        range = default;
        string[] ends = text?.Split("..", 2) ?? [];
        if (ends.Length == 0 || !TryParseEnd(ends[0], 0, out QuarantineId first) || !TryParseEnd(ends[^1], int.MaxValue, out QuarantineId last))
        {
            return false;
        }

        range = new QuarantineRange(first, last);
        return true;
    }

    /// <summary>Returns whether a record is among them.</summary>
    public bool Contains(QuarantineId id) => id >= First && id <= Last;

    /// <summary>Returns whether any record of a partition's log frames from one to another may be among them.</summary>
    internal bool Overlaps(int partition, long firstSequence, long lastSequence) =>
        First <= new QuarantineId(lastSequence, int.MaxValue, partition) && Last >= new QuarantineId(firstSequence, 0, partition);

    /// <inheritdoc/>
    public override string ToString() => IsOne ? First.ToString() : $"{First}..{Last}";

    private static bool TryParseEnd(string text, int otherwise, out QuarantineId id) =>
        QuarantineId.TryParse(text, out id) || QuarantineId.TryParse($"{text}.{otherwise}", out id);
}
