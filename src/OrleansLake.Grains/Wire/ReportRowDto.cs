using OrleansLake.Core.Reports;

namespace OrleansLake.Grains.Wire;

/// <summary>A <see cref="ReportRow"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.ReportRow")]
internal readonly record struct ReportRowDto
{
    /// <summary>Gets the row key that is a number.</summary>
    [Id(0)]
    public int? Number { get; init; }

    /// <summary>Gets the row key that is a text.</summary>
    [Id(1)]
    public string? Text { get; init; }

    /// <summary>Gets the columns that something is counted in.</summary>
    [Id(2)]
    public string?[] Columns { get; init; }

    /// <summary>Gets the definition of what is counted in each.</summary>
    [Id(3)]
    public long[] Counts { get; init; }

    internal static ReportRowDto Of(ReportRow row) => new() { Number = row.Number, Text = row.Text, Columns = [.. row.Columns], Counts = [.. row.Counts] };

    internal ReportRow ToRow() => new(Number, Text, Columns, Counts);
}
