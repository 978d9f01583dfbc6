namespace OrleansLake.Client;

/// <summary>The outcomes of a copy of a message.</summary>
public enum MessageOutcome
{
    /// <summary>It is the first of its key (message id, event type, channel): the reports count it.</summary>
    Counted = 0,

    /// <summary>Another copy of its key comes before it.</summary>
    Suppressed = 1,

    /// <summary>It has no event type: it is in <c>messages_corrupted</c> and is not counted.</summary>
    Corrupted = 2,
}
