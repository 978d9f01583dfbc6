using OrleansLake.Core.Messages;

namespace OrleansLake.Cli.Producing;

/// <summary>
/// The distribution of generated messages. A profile is a function of its seed: the messages are the same however they are
/// cut into batches.
/// </summary>
internal interface IMessageProfile
{
    /// <summary>Appends messages to a batch.</summary>
    /// <param name="batch">Where they go.</param>
    /// <param name="first">The number of the first one, from 0; each call continues where the one before ended.</param>
    /// <param name="count">How many.</param>
    void Fill(MessageBatch batch, long first, int count);
}
