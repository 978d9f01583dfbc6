using System.Text;
using OrleansLake.Client;
using RabbitMQ.Client;

namespace OrleansLake.Sources.RabbitMq;

/// <summary>A stream of RabbitMQ, as a topic of one partition: its offsets are the broker's own.</summary>
/// <param name="stream">The stream.</param>
/// <param name="name">The source's name.</param>
/// <param name="bodyBytesMax">The most bytes of a record, unpacked.</param>
/// <param name="clock">The clock.</param>
internal sealed class RabbitStreamSource(RabbitQueue stream, string name, int bodyBytesMax, TimeProvider clock) : ITopicSource
{
    public string Name => name;

    public string? Mapping => stream.Mapping;

    public bool SkipsGaps => stream.SkipsGaps;

    public async Task<ITopicReader> OpenAsync(IReadOnlyList<TopicPosition> known, Action<string> lost, CancellationToken cancellationToken)
    {
        try
        {
            IConnection connection = await RabbitConnections.OpenAsync(stream, clock, cancellationToken).ConfigureAwait(false);

            // The cluster's name where it says it, as a broker that moves is the same one.
            string cluster = stream.Cluster
                ?? (connection.ServerProperties?.TryGetValue("cluster_name", out object? value) == true && value is byte[] text ? Encoding.UTF8.GetString(text) : stream.Endpoint);
            var partition = new SourcePartition($"rabbitmq:{Escape(cluster)}:{Escape(stream.VirtualHost)}:{Escape(stream.Name)}", 0, $"rabbitmq:{stream.Name}");
            return new RabbitStreamReader(stream, connection, partition, bodyBytesMax, lost, clock);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw new SourceException(RabbitFailure.Describe(e, stream), e);
        }
    }

    public override string ToString() => stream.ToString();

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
