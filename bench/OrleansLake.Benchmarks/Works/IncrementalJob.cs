using System.Diagnostics;
using OrleansLake.Benchmarks.Comparing;
using OrleansLake.Core.Reports;
using OrleansLake.Engine;

namespace OrleansLake.Benchmarks.Works;

/// <summary>
/// A running engine in a process of its own: opens a lake, says that it is ready, then takes each file of NDJSON that is
/// named to it, then on standard input, as one batch, and says the seconds from sending it to the end of its commit.
/// </summary>
internal static class IncrementalJob
{
    public static async Task<int> RunAsync(string folder, bool isDurable, string[] files)
    {
        await using Lake lake = await Lake.OpenAsync(new LakeOptions { Path = folder, IsDurable = isDurable }).ConfigureAwait(false);
        await lake.CommitAsync().ConfigureAwait(false);
        _ = lake.GoLive();
        _ = lake.Report(LakeReports.All[0]);
        Console.WriteLine("ready");
        for (int i = 0; (i < files.Length ? files[i] : await Console.In.ReadLineAsync().ConfigureAwait(false)) is { } file; i++)
        {
            // Its bytes have come in already: what arrives over a socket is in memory, too.
            byte[] body = await File.ReadAllBytesAsync(file).ConfigureAwait(false);
            long started = Stopwatch.GetTimestamp();
            SendOutcome outcome = await lake.SendAsync(body).ConfigureAwait(false);
            if (!outcome.IsAcknowledged || outcome.Rejected > 0)
            {
                throw new InvalidOperationException($"{file}: {outcome.Status}, {outcome.Rejected} rejected");
            }

            await lake.CommitAsync().ConfigureAwait(false);
            Console.WriteLine(string.Create(Results.Plain, $"{Stopwatch.GetElapsedTime(started).TotalSeconds:F6}"));
        }

        return 0;
    }
}
