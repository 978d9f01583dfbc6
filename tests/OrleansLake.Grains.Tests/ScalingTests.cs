using Orleans.TestingHost;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;

namespace OrleansLake.Grains.Tests;

/// <summary>Silos come and go while messages are sent and reports are read.</summary>
public class ScalingTests
{
    [Fact]
    public async Task Partitions_move_to_silos_that_join_and_from_silos_that_leave_without_a_wrong_number()
    {
        const int pieceLines = 200;
        await using LakeCluster lake = await LakeCluster.StartAsync(1, 4, options => options.Trigger = TimeSpan.FromMilliseconds(300));
        byte[][] pieces = [.. GoldenEvents.Pieces(pieceLines)];
        InProcessSiloHandle? joined = null;
        for (int piece = 0; piece < pieces.Length; piece++)
        {
            if (piece == pieces.Length / 4)
            {
                joined = await lake.Cluster.StartAdditionalSiloAsync();
                await UntilSpreadAsync(lake, 2);
            }
            else if (piece == pieces.Length / 2)
            {
                await lake.Cluster.StopSiloAsync(joined!);
            }

            byte[] lines = pieces[piece];
            int number = piece;
            SendReceipt receipt = await Retries.RunAsync(() => lake.Gateway.SendAsync(new SendRequest { Ndjson = lines, Key = "golden", Number = number }));
            Assert.Equal(pieceLines, receipt.Accepted + receipt.Duplicates);

            // One's own write is seen by those who wait for it, and at any moment the counts close.
            await lake.Gateway.WaitAppliedAsync(new LakeOffsets(1, receipt.EndOffsets));
            Ledger ledger = (await Retries.RunAsync(() => lake.Gateway.GetLedgerAsync())).ToLedger();
            Assert.True(ledger.Total.IsClosed);
            Assert.Equal((piece + 1L) * pieceLines, ledger.Total.Bronze);
            ReportResponse report = await Retries.RunAsync(() => lake.Gateway.GetReportAsync(LakeReports.Report1.Name));
            Assert.Equal(ledger.Total.Deduplicated, report.ToTable().GrandTotal);
        }

        Assert.Equal(GoldenEvents.Report1, await lake.NdjsonAsync(LakeReports.Report1));
        Assert.Equal(GoldenEvents.Report2, await lake.NdjsonAsync(LakeReports.Report2));
    }

    // Partitions move at their triggers: each status is asked for as soon as the one before was answered.
    private static async Task UntilSpreadAsync(LakeCluster lake, int silos)
    {
        using var tooLong = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            PartitionStatus[] standings = await Task.WhenAll(Enumerable.Range(0, 4).Select(p => Retries.RunAsync(() => lake.Partition(p).GetStatusAsync())));
            if (standings.Select(standing => standing.Silo).Distinct().Count() == silos)
            {
                return;
            }

            tooLong.Token.ThrowIfCancellationRequested();
            await Task.Delay(20, tooLong.Token);
        }
    }
}
