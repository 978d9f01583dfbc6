using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OrleansLake.Client;

/// <summary>
/// The position in the lake that a read is true as of: the lake's generation (a new one when it starts empty or is repartitioned), and for
/// each partition how many messages are in. As text: <c>generation.offset,offset,...</c>, such as <c>1.4711</c>.
/// </summary>
public sealed class LakePosition : IEquatable<LakePosition>
{
    /// <summary>More partitions than a lake may have: bounds what is parsed.</summary>
    public const int PartitionsMax = 1024;

    /// <summary>Gets the position of a watcher that has seen nothing of any lake.</summary>
    public static LakePosition None { get; } = new(0, 0);

    /// <summary>Initializes a position.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="offsets">By partition, how many of its messages are in.</param>
    public LakePosition(long generation, params ImmutableArray<long> offsets)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(generation);
        ArgumentOutOfRangeException.ThrowIfZero(offsets.Length);
        Generation = generation;
        Offsets = offsets;
    }

    /// <summary>Gets the lake's generation.</summary>
    public long Generation { get; }

    /// <summary>Gets, by partition, the number of its messages up to the position.</summary>
    public ImmutableArray<long> Offsets { get; }

    /// <summary>Gets the number of messages up to the position.</summary>
    public long Messages => Offsets.Sum();

    /// <summary>Returns whether everything that is in <paramref name="other"/> is in this, too. Never so for another generation.</summary>
    public bool Covers(LakePosition other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Generation != other.Generation || Offsets.Length != other.Offsets.Length)
        {
            return false;
        }

        for (int i = 0; i < Offsets.Length; i++)
        {
            if (Offsets[i] < other.Offsets[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out LakePosition? position)
    {
        position = null;
        int dot = text.IndexOf('.');
        if (dot < 0 || !TryNumber(text[..dot], out long generation))
        {
            return false;
        }

        ReadOnlySpan<char> rest = text[(dot + 1)..];
        var offsets = ImmutableArray.CreateBuilder<long>(1);
        foreach (Range range in rest.Split(','))
        {
            if (offsets.Count == PartitionsMax || !TryNumber(rest[range], out long offset))
            {
                return false;
            }

            offsets.Add(offset);
        }

        position = new LakePosition(generation, offsets.ToImmutable());
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(LakePosition? other) =>
        other is not null && Generation == other.Generation && Offsets.AsSpan().SequenceEqual(other.Offsets.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LakePosition);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Generation, Messages);

    /// <inheritdoc/>
    public override string ToString() => Offsets.Length == 1
        ? string.Create(CultureInfo.InvariantCulture, $"{Generation}.{Offsets[0]}")
        : string.Create(CultureInfo.InvariantCulture, $"{Generation}.{string.Join(',', Offsets)}");

    // Digits only: no sign, no blank.
    private static bool TryNumber(ReadOnlySpan<char> text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
