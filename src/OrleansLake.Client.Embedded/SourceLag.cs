namespace OrleansLake.Client.Embedded;

/// <summary>The lag of a source behind its broker, of one partition.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="Partition">The number of the partition.</param>
/// <param name="Records">The number of records that the lake does not have yet.</param>
/// <param name="Time">The age of the newest record that it has; zero if it has all.</param>
internal readonly record struct SourceLag(string Source, int Partition, long Records, TimeSpan Time);
