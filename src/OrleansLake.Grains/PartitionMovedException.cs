namespace OrleansLake.Grains;

/// <summary>
/// A partition went to another owner during the call. A read is to be repeated; of messages it is not known whether they
/// are stored: send the same again under the same key.
/// </summary>
[GenerateSerializer, Alias("OrleansLake.PartitionMovedException")]
internal sealed class PartitionMovedException : Exception
{
    /// <inheritdoc/>
    public PartitionMovedException()
        : this("the partition went to another owner")
    {
    }

    /// <inheritdoc/>
    public PartitionMovedException(string message)
        : base(message)
    {
    }

    // Without what caused it, which other silos and clients may not be able to read.
    internal static PartitionMovedException Of(int partition, Exception cause) =>
        new($"partition {partition} went to another owner ({cause.Message.TrimEnd('.')})");
}
