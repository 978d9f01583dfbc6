namespace OrleansLake.Client;

/// <summary>The status of a partition of a source.</summary>
/// <param name="Topic">The topic's name where people see it.</param>
/// <param name="Number">The partition's number.</param>
/// <param name="Position">The offset behind what the lake has.</param>
/// <param name="End">The offset at which the partition ends, as far as its broker has said.</param>
/// <param name="LagTime">The age of the newest record that the lake has, where it does not have all; zero if it is not known.</param>
/// <param name="Stopped">The reason why it is not read any further; null if it is read.</param>
public sealed record SourcePartitionStatus(string Topic, int Number, long Position, long End, TimeSpan LagTime, string? Stopped)
{
    /// <summary>Gets the number of records that the lake does not have yet.</summary>
    public long Lag => Math.Max(0, End - Position);
}
