namespace OrleansLake.Core.Messages;

/// <summary>A column of a message.</summary>
/// <param name="Name">Its name in every input and every file.</param>
/// <param name="Type">The type of its values, each of which may be null.</param>
/// <param name="Flag">It in a set.</param>
public sealed record MessageColumn(string Name, MessageColumnType Type, KnownColumns Flag);
