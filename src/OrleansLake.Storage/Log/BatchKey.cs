namespace OrleansLake.Storage.Log;

/// <summary>
/// The key by which a batch is recognised when it is sent again: a producer and the number that it gave the batch, or a key
/// that stands for the batch alone.
/// </summary>
/// <param name="Name">The producer's name, or the key.</param>
/// <param name="Number">The batch's number; null if <paramref name="Name"/> is a key.</param>
internal readonly record struct BatchKey(string Name, long? Number)
{
    /// <summary>The most bytes of UTF-8 that a name has: it bounds what remembering keys costs.</summary>
    public const int NameBytesMax = 255;
}
