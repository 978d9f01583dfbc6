using System.Globalization;

namespace OrleansLake.Storage;

/// <summary>The number of an owner of a partition: each opening for writing takes the next, from 1.</summary>
/// <param name="Value">The number.</param>
public readonly record struct Epoch(long Value) : IComparable<Epoch>
{
    /// <summary>Gets the owner after this one.</summary>
    public Epoch Next => new(Value + 1);

    /// <inheritdoc/>
    public int CompareTo(Epoch other) => Value.CompareTo(other.Value);

    /// <summary>Returns whether one owner came before another.</summary>
    public static bool operator <(Epoch left, Epoch right) => left.Value < right.Value;

    /// <summary>Returns whether one owner came after another.</summary>
    public static bool operator >(Epoch left, Epoch right) => left.Value > right.Value;

    /// <summary>Returns whether one owner came before another, or is it.</summary>
    public static bool operator <=(Epoch left, Epoch right) => left.Value <= right.Value;

    /// <summary>Returns whether one owner came after another, or is it.</summary>
    public static bool operator >=(Epoch left, Epoch right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
