using System.Globalization;

namespace OrleansLake.Storage;

/// <summary>The number of a partition within its lake, from 0.</summary>
/// <param name="Value">The number.</param>
public readonly record struct PartitionId(int Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
