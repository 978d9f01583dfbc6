namespace OrleansLake.Grains;

/// <summary>
/// One message: decides which copies of it count, and returns its history. Its key is the message id. What it knows is a
/// cache: it is given what it needs when it is activated, so that its death harms nothing.
/// </summary>
[Alias("OrleansLake.IMessageGrain")]
public interface IMessageGrain : IGrainWithStringKey
{
    /// <summary>
    /// Decides about the message's copies in a frame. The same frame again gets the same answer; an owner that has been
    /// replaced gets none.
    /// </summary>
    [Alias("Decide"), ResponseTimeout(LakeGrains.AnswerWithin)]
    ValueTask<MessageVerdict> DecideAsync(MessageCopies copies);

    /// <summary>Returns the first occurrence of each (event type, channel), by timestamp: from CREATED to CLICKED.</summary>
    [Alias("Life")]
    Task<MessageOccurrenceDto[]> GetLifeAsync();
}
