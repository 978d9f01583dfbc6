namespace OrleansLake.Core.Columns;

/// <summary>The value of a row in a column that a lake adds.</summary>
internal readonly ref struct AddedValue
{
    /// <summary>Gets a value indicating whether there is one.</summary>
    public bool HasValue { get; private init; }

    /// <summary>Gets a value indicating whether there is something that is not of the column's type: the column is null then.</summary>
    public bool IsMisfit { get; private init; }

    /// <summary>Gets a text; of a misfit, what it is.</summary>
    public ReadOnlySpan<byte> Text { get; private init; }

    /// <summary>Gets a whole number, or microseconds since 1970.</summary>
    public long Whole { get; private init; }

    /// <summary>Gets a number with a fraction.</summary>
    public double Real { get; private init; }

    /// <summary>Gets true or false.</summary>
    public bool Truth { get; private init; }

    public static AddedValue Of(ReadOnlySpan<byte> text) => new() { HasValue = true, Text = text };

    public static AddedValue Of(long whole) => new() { HasValue = true, Whole = whole };

    public static AddedValue Of(double real) => new() { HasValue = true, Real = real };

    public static AddedValue Of(bool truth) => new() { HasValue = true, Truth = truth };

    public static AddedValue Misfit(ReadOnlySpan<byte> text) => new() { IsMisfit = true, Text = text };
}
