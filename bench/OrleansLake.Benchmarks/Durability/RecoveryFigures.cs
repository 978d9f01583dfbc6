namespace OrleansLake.Benchmarks.Durability;

/// <summary>The figures of opening a lake of some size.</summary>
/// <param name="Messages">Messages in it.</param>
/// <param name="Keys">Deduplication keys.</param>
/// <param name="InLogSeconds">To the first report, all messages in the log.</param>
/// <param name="PublishedSeconds">To the first report, all messages published.</param>
/// <param name="BytesPerKey">Managed memory that is live after that, for each key: the reports are in it.</param>
internal sealed record RecoveryFigures(int Messages, long Keys, double InLogSeconds, double PublishedSeconds, double BytesPerKey);
