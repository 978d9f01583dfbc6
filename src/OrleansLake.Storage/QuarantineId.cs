using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OrleansLake.Storage;

/// <summary>
/// A rejected record's identity, for good: the log frame that rejected it, and its place among that frame's rejected
/// records. Sequence numbers are never given again, so neither is an identity. As text: <c>412.3</c>, and in the other
/// partitions of a lake of many <c>2/412.3</c>.
/// </summary>
/// <param name="Sequence">The frame's sequence number.</param>
/// <param name="Index">The record's place in the frame, from 0.</param>
/// <param name="Partition">The partition whose log has the frame, counted from 0.</param>
public readonly record struct QuarantineId(long Sequence, int Index, int Partition = 0) : IComparable<QuarantineId>
{
    /// <summary>Reads an identity as <see cref="ToString"/> writes it.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out QuarantineId id)
    {
        id = default;
        ReadOnlySpan<char> rest = text;
        int partition = 0;
        int slash = rest.IndexOf('/');
        if (slash >= 0)
        {
            if (!TryNumber(rest[..slash], out partition))
            {
                return false;
            }

            rest = rest[(slash + 1)..];
        }

        int point = rest.IndexOf('.');
        if (point <= 0
            || !long.TryParse(rest[..point], NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)
            || !TryNumber(rest[(point + 1)..], out int index))
        {
            return false;
        }

        id = new QuarantineId(sequence, index, partition);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(QuarantineId other) =>
        (Partition, Sequence, Index).CompareTo((other.Partition, other.Sequence, other.Index));

    /// <inheritdoc/>
    public override string ToString() => Partition == 0 ? string.Create(CultureInfo.InvariantCulture, $"{Sequence}.{Index}")
        : string.Create(CultureInfo.InvariantCulture, $"{Partition}/{Sequence}.{Index}");

    /// <summary>Returns whether one comes before another.</summary>
    public static bool operator <(QuarantineId left, QuarantineId right) => left.CompareTo(right) < 0;

    /// <summary>Returns whether one comes after another.</summary>
    public static bool operator >(QuarantineId left, QuarantineId right) => left.CompareTo(right) > 0;

    /// <summary>Returns whether one comes before another, or is it.</summary>
    public static bool operator <=(QuarantineId left, QuarantineId right) => left.CompareTo(right) <= 0;

    /// <summary>Returns whether one comes after another, or is it.</summary>
    public static bool operator >=(QuarantineId left, QuarantineId right) => left.CompareTo(right) >= 0;

    // Digits only: no sign, no blank.
    private static bool TryNumber(ReadOnlySpan<char> text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
