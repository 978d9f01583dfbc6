namespace OrleansLake.Engine;

/// <summary>Something that happened while the pipeline ran, in a line for a person.</summary>
/// <param name="Notice">The line.</param>
public readonly record struct RunProgress(string Notice);
