namespace OrleansLake.Engine;

/// <summary>How sources are taken in.</summary>
public sealed record IngestOptions
{
    /// <summary>Take a file in once more, although it was taken in already.</summary>
    public bool Again { get; init; }

    /// <summary>Silver and gold follow while sources are read; without it, accepted messages wait in the log.</summary>
    public bool FollowUp { get; init; }

    /// <summary>Called with the number of messages of this call that are durable, whenever it has grown.</summary>
    public Action<long>? Acknowledged { get; init; }

    /// <summary>Text is read and parsed by the caller's thread alone, so that the same calls give the same run; for simulations.</summary>
    internal bool ReadsInline { get; init; }
}
