using OrleansLake.Server;

namespace OrleansLake.Sources.RabbitMq;

/// <summary>A queue or stream that an application consumes: named again it is consumed once, as two readers in one process would report everything twice.</summary>
/// <param name="Queue">The queue.</param>
internal sealed record NamedQueue(RabbitQueue Queue)
{
    /// <summary>Returns whether another address is of the same queue.</summary>
    /// <exception cref="ServeSettingsException">It is, and reads it in another way.</exception>
    internal bool IsReadAlready(RabbitQueue other) =>
        (Queue.Endpoint, Queue.VirtualHost, Queue.Name) == (other.Endpoint, other.VirtualHost, other.Name)
        && (Queue.IsReadAs(other) ? true
            : throw new ServeSettingsException($"{other} is named twice, with another user, password, scheme or parameter: a queue is read once. Leave one of the two out."));
}
