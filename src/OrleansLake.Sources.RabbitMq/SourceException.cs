namespace OrleansLake.Sources.RabbitMq;

/// <summary>Why a source is not read, in words for people.</summary>
internal sealed class SourceException(string message) : Exception(message);
