using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OrleansLake.Storage;

/// <summary>
/// A rejected record's identity, for good: the log frame that rejected it, and its place among that frame's rejected
/// records. Sequence numbers are never given again, so neither is an identity. As text: <c>412.3</c>.
/// </summary>
/// <param name="Sequence">The frame's sequence number.</param>
/// <param name="Index">The record's place in the frame, from 0.</param>
public readonly record struct QuarantineId(long Sequence, int Index) : IComparable<QuarantineId>
{
    /// <summary>Reads an identity as <see cref="ToString"/> writes it.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out QuarantineId id)
    {
        id = default;
        int point = text?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        if (point <= 0
            || !long.TryParse(text.AsSpan(0, point), NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)
            || !int.TryParse(text.AsSpan(point + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            return false;
        }

        id = new QuarantineId(sequence, index);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(QuarantineId other) =>
        Sequence != other.Sequence ? Sequence.CompareTo(other.Sequence) : Index.CompareTo(other.Index);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Sequence}.{Index}");

    /// <summary>Whether one stands before another.</summary>
    public static bool operator <(QuarantineId left, QuarantineId right) => left.CompareTo(right) < 0;

    /// <summary>Whether one stands behind another.</summary>
    public static bool operator >(QuarantineId left, QuarantineId right) => left.CompareTo(right) > 0;

    /// <summary>Whether one stands before another, or is it.</summary>
    public static bool operator <=(QuarantineId left, QuarantineId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one stands behind another, or is it.</summary>
    public static bool operator >=(QuarantineId left, QuarantineId right) => left.CompareTo(right) >= 0;
}
