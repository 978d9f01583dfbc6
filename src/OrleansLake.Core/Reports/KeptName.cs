namespace OrleansLake.Core.Reports;

/// <summary>The name that a counted column has in a report, and keeps.</summary>
/// <param name="Value">What the column counts; null for messages without it.</param>
/// <param name="Name">Its name.</param>
public sealed record KeptName(string? Value, string Name);
