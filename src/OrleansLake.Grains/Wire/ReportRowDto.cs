using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;

namespace OrleansLake.Grains.Wire;

/// <summary>A <see cref="ReportRow"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.ReportRow")]
internal readonly record struct ReportRowDto
{
    /// <summary>Gets the row key that is a number of 32 bits; another one is in <see cref="Ids"/>.</summary>
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

    /// <summary>Gets the row key that is an id and not a number of 32 bits, as a user's; null if it is one.</summary>
    [Id(4)]
    public IdsDto? Ids { get; init; }

    /// <summary>Gets the row key that is a date or an id, whatever its type.</summary>
    internal IdValue? Key => IdsDto.UserOf(Ids, Number);

    internal static ReportRowDto Of(ReportRow row) => new()
    {
        Number = IdsDto.NarrowOf(row.Number),
        Ids = IdsDto.Of(row.Number, null),
        Text = row.Text,
        Columns = [.. row.Columns],
        Counts = [.. row.Counts],
    };

    internal ReportRow ToRow() => new(Key, Text, Columns, Counts);
}
