using System.Text;

namespace OrleansLake.Core.Mapping;

/// <summary>The values of a field as a source writes them, and as the lake has them. May be shared between threads.</summary>
public sealed class ValueMap
{
    private readonly byte[][] _from;
    private readonly byte[]?[] _to;

    internal ValueMap(IReadOnlyCollection<KeyValuePair<string, string?>> values, UnmappedValue others)
    {
        KeyValuePair<byte[], byte[]?>[] sorted =
        [
            .. values.Select(static pair => KeyValuePair.Create(Encoding.UTF8.GetBytes(pair.Key), pair.Value is null ? null : Encoding.UTF8.GetBytes(pair.Value)))
                .OrderBy(static pair => pair.Key, Comparer<byte[]>.Create(static (a, b) => Compare(a, b))),
        ];
        _from = [.. sorted.Select(static pair => pair.Key)];
        _to = [.. sorted.Select(static pair => pair.Value)];
        Names = [.. values.Select(static pair => pair.Key)];
        Others = others;
    }

    /// <summary>Gets what becomes of a value that it does not have.</summary>
    public UnmappedValue Others { get; }

    /// <summary>Gets the values that it has, in the order of the file.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Finds a value.</summary>
    /// <param name="value">As the source has it.</param>
    /// <param name="mapped">As the lake has it; null: it is null there.</param>
    internal bool TryFind(ReadOnlySpan<byte> value, out byte[]? mapped)
    {
        int low = 0;
        for (int high = _from.Length - 1; low <= high;)
        {
            int middle = (low + high) / 2;
            int order = Compare(value, _from[middle]);
            if (order == 0)
            {
                mapped = _to[middle];
                return true;
            }

            if (order < 0)
            {
                high = middle - 1;
            }
            else
            {
                low = middle + 1;
            }
        }

        mapped = null;
        return false;
    }

    // By length first: nearly all values differ in it.
    private static int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => a.Length != b.Length ? a.Length - b.Length : a.SequenceCompareTo(b);
}
