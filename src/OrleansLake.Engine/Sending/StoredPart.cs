namespace OrleansLake.Engine.Sending;

/// <summary>The outcome of a body's part in one partition.</summary>
/// <param name="IsStored">Whether all of it is durable.</param>
/// <param name="FirstOffset">Where it begins, if it is stored.</param>
/// <param name="EndOffset">The offset after its last message, if it is stored.</param>
/// <param name="Failure">The reason why it is not, as far as that is known.</param>
/// <param name="IsNothingStored">Whether it is certain that nothing of it is.</param>
internal readonly record struct StoredPart(bool IsStored, long FirstOffset, long EndOffset, string? Failure, bool IsNothingStored)
{
    internal static StoredPart At(long firstOffset, long endOffset) => new(true, firstOffset, endOffset, null, false);

    internal static StoredPart Not(string? failure, bool isNothingStored) => new(false, 0, 0, failure, isNothingStored);
}
