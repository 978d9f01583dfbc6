namespace OrleansLake.TestSupport;

/// <summary>A column as another tool names it, with that tool's own name of its type.</summary>
public sealed record ForeignColumn(string Name, string Type);
