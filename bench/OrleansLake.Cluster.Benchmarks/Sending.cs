using System.Diagnostics;
using OrleansLake.Grains;
using OrleansLake.Grains.Wire;

namespace OrleansLake.Cluster.Benchmarks;

/// <summary>Sends bodies side by side and waits until the reports show all of them.</summary>
internal static class Sending
{
    private const int AtOnce = 8;

    /// <summary>Messages per second, from the first byte to the reports.</summary>
    internal static async Task<double> RateAsync(RunningCluster cluster, IReadOnlyList<byte[]> bodies, int messages)
    {
        long started = Stopwatch.GetTimestamp();
        await AllAsync(cluster, bodies);
        return messages / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    internal static async Task AllAsync(RunningCluster cluster, IEnumerable<byte[]> bodies)
    {
        LakeOffsets? last = null;
        var gate = new Lock();
        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (body, _) =>
        {
            SendReceipt receipt = await SendAsync(cluster, body);
            lock (gate)
            {
                last = last is null ? new LakeOffsets(receipt.Generation, receipt.EndOffsets)
                    : last with { Offsets = [.. last.Offsets.Zip(receipt.EndOffsets, Math.Max)] };
            }
        });
        await Retries.RunAsync(() => cluster.Gateway.WaitAppliedAsync(last!));
    }

    // A lake that is behind says so; the sender waits and sends the same again under its key.
    internal static async Task<SendReceipt> SendAsync(RunningCluster cluster, byte[] body)
    {
        string key = Guid.NewGuid().ToString("n");
        while (true)
        {
            try
            {
                return await Retries.RunAsync(() => cluster.Gateway.SendAsync(new SendRequest { Ndjson = body, Key = key }));
            }
            catch (LakeBusyException)
            {
                await Task.Delay(20);
            }
        }
    }
}
