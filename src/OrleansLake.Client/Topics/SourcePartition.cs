namespace OrleansLake.Client;

/// <summary>A partition of a topic that is read.</summary>
/// <param name="Topic">
/// The topic's identity, which no two topics share and which stays when the broker moves: it has the cluster's own id, not its address. Without <c>#</c>.
/// </param>
/// <param name="Number">The partition's number; of a topic that has no partitions 0.</param>
/// <param name="Name">The topic's name where people see it, such as <c>kafka:messages</c>.</param>
public sealed record SourcePartition(string Topic, int Number, string Name)
{
    /// <summary>Returns the partition for people: <c>kafka:messages/3</c>.</summary>
    public override string ToString() => $"{Name}/{Number}";
}
