using OrleansLake.Benchmarks.Comparing;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;

namespace OrleansLake.Benchmarks.Micro;

/// <summary>The producer's messages that benchmarks share.</summary>
internal static class MicroMessages
{
    /// <summary>The number of messages.</summary>
    public const int Count = 100_000;

    private static readonly Lazy<byte[]> Made = new(static () =>
    {
        using var bytes = new MemoryStream();
        BenchData.Produce(Count, stream => stream.CopyTo(bytes));
        return bytes.ToArray();
    });

    /// <summary>As NDJSON.</summary>
    public static byte[] Ndjson => Made.Value;

    /// <summary>As a batch, parsed again.</summary>
    public static MessageBatch Batch()
    {
        var batch = new MessageBatch();
        new NdjsonParser(LakeTimeZone.Utc).Parse(Ndjson, 1, 1, batch, []);
        return batch;
    }
}
