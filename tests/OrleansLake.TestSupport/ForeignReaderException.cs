namespace OrleansLake.TestSupport;

/// <summary>Another tool refused what it was asked; the message is its own.</summary>
public sealed class ForeignReaderException(string message) : Exception(message);
