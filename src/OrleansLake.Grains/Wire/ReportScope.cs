using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;

namespace OrleansLake.Grains.Wire;

/// <summary>The scope of a grain: which rows of a report it follows.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.ReportScope")]
internal sealed record ReportScope
{
    /// <summary>Users are divided into so many ranges, each with a grain of its own: the work of a few silos, and few enough to ask all.</summary>
    public const int UserRanges = 8;

    /// <summary>Gets the report's name.</summary>
    [Id(0)]
    public required string Report { get; init; }

    /// <summary>Gets a value indicating whether it is the one row of <see cref="Number"/> and <see cref="Text"/>.</summary>
    [Id(1)]
    public bool IsOneRow { get; init; }

    /// <summary>Gets, of one row, its date in days since 1970-01-01.</summary>
    [Id(2)]
    public int? Number { get; init; }

    /// <summary>Gets, of one row, its channel.</summary>
    [Id(3)]
    public string? Text { get; init; }

    /// <summary>Gets the index in the <see cref="UserRanges"/>; null if not one of them.</summary>
    [Id(4)]
    public int? UserRange { get; init; }

    /// <summary>Returns the range of a user.</summary>
    public static int RangeOf(IdValue? user) =>
        (int)((user?.Text is { } text ? Core.Messages.StableHash.OfText(Encoding.UTF8.GetBytes(text)) : (ulong)(user?.Number ?? 0)) % UserRanges);

    internal bool Contains(ReportRow row) =>
        IsOneRow ? row.Number == Number && row.Text == Text
        : UserRange is not { } range || RangeOf(row.Number) == range;
}
