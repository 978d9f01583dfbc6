using System.Globalization;

namespace OrleansLake.Core;

/// <summary>A number of things in a message: <c>1 record</c>, <c>2,000 records</c>.</summary>
public static class Counted
{
    /// <summary>Gets the number with the noun in the form that it needs.</summary>
    /// <param name="count">Their number.</param>
    /// <param name="noun">What one of them is called; its plural ends in s.</param>
    public static string Of(long count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");
}
