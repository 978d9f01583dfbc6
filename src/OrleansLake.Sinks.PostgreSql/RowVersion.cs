namespace OrleansLake.Sinks.PostgreSql;

/// <summary>The version of rows that are copied into a report's own table, and what that says of them besides.</summary>
/// <param name="Names">The names of the counted columns.</param>
/// <param name="Epoch">The owner's epoch.</param>
/// <param name="Step">The step.</param>
internal sealed record RowVersion(string[] Names, long Epoch, long Step);
