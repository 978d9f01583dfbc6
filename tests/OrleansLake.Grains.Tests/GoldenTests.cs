using OrleansLake.Core.Reports;
using OrleansLake.Core.State;

namespace OrleansLake.Grains.Tests;

/// <summary>Whatever the silos and partitions, the answer is Spark's.</summary>
public class GoldenTests
{
    [Theory]
    [InlineData(1, 1, DeduplicationKind.KeyRanges)]
    [InlineData(1, 4, DeduplicationKind.KeyRanges)]
    [InlineData(1, 16, DeduplicationKind.KeyRanges)]
    [InlineData(2, 1, DeduplicationKind.KeyRanges)]
    [InlineData(2, 4, DeduplicationKind.KeyRanges)]
    [InlineData(2, 16, DeduplicationKind.KeyRanges)]
    [InlineData(4, 1, DeduplicationKind.KeyRanges)]
    [InlineData(4, 4, DeduplicationKind.KeyRanges)]
    [InlineData(4, 16, DeduplicationKind.KeyRanges)]
    [InlineData(1, 1, DeduplicationKind.MessageGrains)]
    [InlineData(1, 4, DeduplicationKind.MessageGrains)]
    [InlineData(1, 16, DeduplicationKind.MessageGrains)]
    [InlineData(2, 1, DeduplicationKind.MessageGrains)]
    [InlineData(2, 4, DeduplicationKind.MessageGrains)]
    [InlineData(2, 16, DeduplicationKind.MessageGrains)]
    [InlineData(4, 1, DeduplicationKind.MessageGrains)]
    [InlineData(4, 4, DeduplicationKind.MessageGrains)]
    [InlineData(4, 16, DeduplicationKind.MessageGrains)]
    public async Task Silos_and_partitions_give_the_reports_and_the_ledger_of_Spark(short silos, int partitions, DeduplicationKind deduplication)
    {
        await using LakeCluster lake = await LakeCluster.StartAsync(silos, partitions, options => options.Deduplication = deduplication);
        long sent = 0;
        var ends = new long[partitions];
        foreach (byte[] piece in GoldenEvents.Pieces(500))
        {
            SendReceipt receipt = await lake.Gateway.SendAsync(new SendRequest { Ndjson = piece, Source = "golden" });
            sent += receipt.Accepted;
            for (int partition = 0; partition < partitions; partition++)
            {
                ends[partition] = Math.Max(ends[partition], receipt.EndOffsets[partition]);
            }
        }

        Assert.Equal(12_000, sent);
        await lake.Gateway.WaitAppliedAsync(new LakeOffsets(1, ends));
        Assert.Equal(GoldenEvents.Report1, await lake.NdjsonAsync(LakeReports.Report1));
        Assert.Equal(GoldenEvents.Report2, await lake.NdjsonAsync(LakeReports.Report2));
        Assert.Equal(new LedgerCounts(12_000, 10_211, 1_789, 0, 6_741), (await lake.Gateway.GetLedgerAsync()).ToLedger().Total);
    }
}
