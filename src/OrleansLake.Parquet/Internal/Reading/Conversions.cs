using OrleansLake.Parquet.Metadata;

namespace OrleansLake.Parquet.Internal.Reading;

/// <summary>From what a file stores to what was asked for. A value that does not fit fails; one under a null does not count.</summary>
internal static class Conversions
{
    private const long MicrosPerMilli = 1000;
    private const long NanosPerMicro = 1000;

    public static void Widen(Int32Buffer from, Int64Buffer into, bool isUnsigned)
    {
        Span<long> to = into.ShapeLike(from);
        ReadOnlySpan<int> values = from.Values;
        for (int i = 0; i < values.Length; i++)
        {
            to[i] = isUnsigned ? (uint)values[i] : values[i];
        }
    }

    public static void Widen(FloatBuffer from, DoubleBuffer into)
    {
        Span<double> to = into.ShapeLike(from);
        ReadOnlySpan<float> values = from.Values;
        for (int i = 0; i < values.Length; i++)
        {
            to[i] = values[i];
        }
    }

    // Null slots are 0 after reading, so every slot may be looked at.
    public static void Narrow(Int64Buffer from, Int32Buffer into)
    {
        Span<int> to = into.ShapeLike(from);
        ReadOnlySpan<long> values = from.Values;
        for (int i = 0; i < values.Length; i++)
        {
            to[i] = (int)values[i];
            if (to[i] != values[i])
            {
                throw OutOfRange($"The value {values[i]} does not fit 32 bits.");
            }
        }
    }

    public static void CheckSigned(ReadOnlySpan<int> values)
    {
        foreach (int value in values)
        {
            if (value < 0)
            {
                throw OutOfRange($"The value {(uint)value} does not fit 31 bits.");
            }
        }
    }

    public static void CheckSigned(ReadOnlySpan<long> values)
    {
        foreach (long value in values)
        {
            if (value < 0)
            {
                throw OutOfRange($"The value {(ulong)value} does not fit 63 bits.");
            }
        }
    }

    /// <summary>Timestamps to microseconds: finer ones are cut off downward, coarser ones must stay in range.</summary>
    public static void ToMicros(Span<long> values, TimestampUnit unit)
    {
        if (unit == TimestampUnit.Millis)
        {
            foreach (ref long value in values)
            {
                if (value is > long.MaxValue / MicrosPerMilli or < long.MinValue / MicrosPerMilli)
                {
                    throw OutOfRange($"The timestamp {value} ms is out of the range of microseconds.");
                }

                value *= MicrosPerMilli;
            }
        }
        else if (unit == TimestampUnit.Nanos)
        {
            foreach (ref long value in values)
            {
                long micros = value / NanosPerMicro;
                value = micros - (value % NanosPerMicro < 0 ? 1 : 0);
            }
        }
    }

    private static ParquetException OutOfRange(string message) => new(ParquetErrorKind.TypeMismatch, message);
}
