using System.Text;
using OrleansLake.Parquet.Columns;

namespace OrleansLake.Parquet;

/// <summary>
/// A condition that rows are looked for by: a column's value is between two others, both included. A null meets none.
/// </summary>
public sealed class ColumnRange
{
    private ColumnRange(string column)
    {
        ArgumentNullException.ThrowIfNull(column);
        Column = column;
    }

    /// <summary>Gets the column's name.</summary>
    public string Column { get; }

    internal ColumnBounds<long>? Integers { get; private init; }

    internal ColumnBounds<double>? Reals { get; private init; }

    internal ColumnBounds<byte[]?>? Bytes { get; private init; }

    internal bool IsEquality { get; private init; }

    /// <summary>Integers, dates in days since 1970, or timestamps in microseconds since then.</summary>
    public static ColumnRange Between(string column, long min, long max) =>
        new(column) { Integers = new(min, max), IsEquality = min == max };

    /// <summary>Returns a range of floating point; a NaN meets no range.</summary>
    /// <exception cref="ArgumentException">An end is NaN.</exception>
    public static ColumnRange Between(string column, double min, double max) => double.IsNaN(min) || double.IsNaN(max)
        ? throw new ArgumentException("A range has no NaN for an end.", nameof(min))
        : new(column) { Reals = new(min, max), IsEquality = min == max };

    /// <summary>Returns a range of text or binary, in the order of its bytes; null leaves an end open.</summary>
    public static ColumnRange Between(string column, byte[]? min, byte[]? max) =>
        new(column) { Bytes = new(min, max), IsEquality = min is not null && max is not null && min.AsSpan().SequenceEqual(max) };

    /// <summary>Returns a range of text in the order of its UTF-8, which is that of code points; null leaves an end open.</summary>
    public static ColumnRange Between(string column, string? min, string? max) =>
        Between(column, min is null ? null : Encoding.UTF8.GetBytes(min), max is null ? null : Encoding.UTF8.GetBytes(max));

    /// <summary>Returns the range of this integer, date or timestamp and all above.</summary>
    public static ColumnRange AtLeast(string column, long min) => Between(column, min, long.MaxValue);

    /// <summary>Returns the range of this integer, date or timestamp and all below.</summary>
    public static ColumnRange AtMost(string column, long max) => Between(column, long.MinValue, max);

    /// <summary>Returns the range of this integer, date or timestamp alone.</summary>
    public static ColumnRange EqualTo(string column, long value) => Between(column, value, value);

    /// <summary>Returns the range of this text alone.</summary>
    public static ColumnRange EqualTo(string column, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Between(column, value, value);
    }

    /// <summary>Returns the range of these bytes alone.</summary>
    public static ColumnRange EqualTo(string column, byte[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Between(column, value, value);
    }
}
