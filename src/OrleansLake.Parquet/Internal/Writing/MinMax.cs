using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OrleansLake.Parquet.Internal.Writing;

/// <summary>The least and the greatest of values, in the order that Parquet's statistics have.</summary>
internal static class MinMax
{
    /// <summary>
    /// Finds the least and the greatest value. False if there is no value, or a NaN among them; a zero counts as both of its signs.
    /// parquet.thrift lets bounds
    /// pass over NaNs, but readers that sort NaN last (DuckDB) would then leave out rows that a condition on NaN asks for.
    /// </summary>
    public static bool TryFind<T>(ReadOnlySpan<T> values, out T min, out T max)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        min = T.MaxValue;
        max = T.MinValue;
        if (values.IsEmpty)
        {
            return false;
        }

        if (typeof(T) == typeof(float) || typeof(T) == typeof(double))
        {
            return TryFindFloating(values, out min, out max);
        }

        int at = 0;
        if (Vector.IsHardwareAccelerated && values.Length >= Vector<T>.Count)
        {
            ref T first = ref MemoryMarshal.GetReference(values);
            Vector<T> low = new(T.MaxValue);
            Vector<T> high = new(T.MinValue);
            for (; at <= values.Length - Vector<T>.Count; at += Vector<T>.Count)
            {
                Vector<T> some = Vector.LoadUnsafe(ref Unsafe.Add(ref first, at));
                low = Vector.Min(low, some);
                high = Vector.Max(high, some);
            }

            for (int i = 0; i < Vector<T>.Count; i++)
            {
                min = T.Min(min, low[i]);
                max = T.Max(max, high[i]);
            }
        }

        for (; at < values.Length; at++)
        {
            min = T.Min(min, values[at]);
            max = T.Max(max, values[at]);
        }

        return true;
    }

    private static bool TryFindFloating<T>(ReadOnlySpan<T> values, out T min, out T max)
        where T : unmanaged, INumber<T>
    {
        min = values[0];
        max = min;
        foreach (T value in values)
        {
            if (T.IsNaN(value))
            {
                return false;
            }

            min = value < min ? value : min;
            max = value > max ? value : max;
        }

        // parquet.thrift, ColumnOrder: a minimum of zero is written as -0, a maximum as +0.
        min = T.IsZero(min) ? -T.Zero : min;
        max = T.IsZero(max) ? T.Zero : max;
        return true;
    }
}
