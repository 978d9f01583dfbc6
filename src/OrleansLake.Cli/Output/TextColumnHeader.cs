namespace OrleansLake.Cli.Output;

/// <summary>A column of a <see cref="TextTable"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsNumber">Aligned at its right.</param>
internal sealed record TextColumnHeader(string Name, bool IsNumber = false);
