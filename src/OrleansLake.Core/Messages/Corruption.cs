namespace OrleansLake.Core.Messages;

/// <summary>The rule for which messages are corrupted: they are kept, apart from the rest.</summary>
public static class Corruption
{
    /// <summary>Returns whether an event type is null, empty or exactly <c>NONE</c>.</summary>
    public static bool IsCorrupted(ReadOnlySpan<byte> eventType, bool isNull) =>
        isNull || eventType.IsEmpty || eventType.SequenceEqual("NONE"u8);
}
