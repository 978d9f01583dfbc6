using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Reports;

/// <summary>
/// A row of a report by what it stands for, not by how it is shown: what can be sent, kept and added up without its table.
/// </summary>
/// <param name="Number">The row key that is a date (in days since 1970-01-01), a user or a country, whose ids may be texts; null if it is null.</param>
/// <param name="Text">The row key that is a text (a channel); null if it is null, or if the report has none.</param>
/// <param name="Columns">The columns that something is counted in.</param>
/// <param name="Counts">What is counted in each. No column: the row was removed.</param>
public sealed record ReportRow(IdValue? Number, string? Text, IReadOnlyList<string?> Columns, IReadOnlyList<long> Counts);
