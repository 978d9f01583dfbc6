namespace OrleansLake.Sources.RabbitMq;

/// <summary>The exception for a source that is not read; its message is for people.</summary>
internal sealed class SourceException(string message) : Exception(message);
