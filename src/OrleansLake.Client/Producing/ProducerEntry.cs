namespace OrleansLake.Client.Producing;

/// <summary>An entry of a producer's queue, in the order in which it was written: a message with its JSON, or someone who flushes.</summary>
internal readonly record struct ProducerEntry(LakeMessage? Message, byte[] Json, TaskCompletionSource? Flushed);
