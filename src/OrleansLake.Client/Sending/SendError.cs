namespace OrleansLake.Client;

/// <summary>A record that is not a message.</summary>
/// <param name="Line">Its line, or its place among an array's elements or the body's JSON texts, from 1.</param>
/// <param name="Code">The reason, for programs: <c>missing_message_id</c>, <c>unreadable_timestamp</c>, ...</param>
/// <param name="Detail">The reason, for people, and what would be right.</param>
public sealed record SendError(long Line, string Code, string Detail)
{
    /// <summary>Gets the message, where the reporter has it: <see cref="LakeProducer.Rejected"/>. Null: it is in quarantine by its
    /// bytes.</summary>
    public LakeMessage? Message { get; init; }
}
