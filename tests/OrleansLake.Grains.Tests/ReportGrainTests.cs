using System.Text;
using Orleans.Core.Internal;
using OrleansLake.Core.Reports;

namespace OrleansLake.Grains.Tests;

/// <summary>Grains that keep rows of reports: each is right by itself, and at one moment they belong together.</summary>
public class ReportGrainTests
{
    [Fact]
    public async Task Each_row_s_grain_says_what_the_report_says_and_so_do_the_most_active_users()
    {
        await using LakeCluster lake = await LakeCluster.StartAsync(2, 4);
        SendReceipt receipt = await lake.Gateway.SendAsync(new SendRequest { Ndjson = GoldenEvents.Ndjson });
        await lake.Gateway.WaitAppliedAsync(new LakeOffsets(receipt.Generation, receipt.EndOffsets));
        ReportTable report = (await lake.Gateway.GetReportAsync("report1")).ToTable();
        for (int row = 0; row < report.RowCount; row++)
        {
            DateOnly date = new DateOnly(1970, 1, 1).AddDays(report.Numbers(0).Values[row]);
            ChannelDayResponse grain = await lake.Cluster.Client.GetChannelDay(date, Encoding.UTF8.GetString(report.Texts(1)[row])).GetAsync();
            Assert.Equal(report.Totals[row], grain.Total);
            Assert.Equal(grain.Total, grain.Counts.Values.Sum());
        }

        Assert.Equal(0, (await lake.Cluster.Client.GetChannelDay(null, null).GetAsync()).Total);
        ReportTable users = (await lake.Gateway.GetReportAsync("report2")).ToTable();
        ReportTable top = (await lake.Gateway.GetReportsAsync([new ReportRequest("report2", 20)])).Reports[0].ToTable();
        Assert.Equal(LakeCluster.Ndjson(users.Select([.. Enumerable.Range(0, 20)])), LakeCluster.Ndjson(top));
    }

    [Fact]
    public async Task Messages_that_move_from_one_date_to_another_are_on_one_of_them_at_every_moment()
    {
        const int messages = 60;
        await using LakeCluster lake = await LakeCluster.StartAsync(2, 2, options => options.Trigger = TimeSpan.FromMilliseconds(200));
        IChannelDayGrain[] dates = [lake.Cluster.Client.GetChannelDay(new DateOnly(2024, 12, 16), "CHAT"), lake.Cluster.Client.GetChannelDay(new DateOnly(2024, 12, 17), "CHAT")];
        Task sending = Task.Run(async () =>
        {
            for (int message = 0; message < messages; message++)
            {
                await SendAsync(message, 17);
                await SendAsync(message, 16);
            }
        });
        for (int readings = 0; readings < 20 || !sending.IsCompleted;)
        {
            LakeVersion moment = await lake.Gateway.GetVersionAsync();
            AggregateResponse[] rows = await Task.WhenAll(dates.Select(date => date.ReadAsync(moment, null)));
            if (rows.All(row => row.Moment is not null))
            {
                Assert.Equal(moment.Partitions.Sum(partition => partition.Ledger.ToLedger().Total.Deduplicated), rows.Sum(TotalOf));
                readings++;
            }
        }

        await sending;
        Assert.Equal([messages, 0L], (await Task.WhenAll(dates.Select(date => date.GetAsync()))).Select(row => row.Total));

        async Task SendAsync(int message, int day)
        {
            string line = $"{{\"message_id\":\"mover-{message}\",\"timestamp\":\"2024-12-{day}T12:00:00Z\",\"event_type\":\"SENT\",\"channel\":\"CHAT\",\"user_id\":1}}\n";
            SendReceipt receipt = await lake.Gateway.SendAsync(new SendRequest { Ndjson = Encoding.UTF8.GetBytes(line) });
            await lake.Gateway.WaitAppliedAsync(new LakeOffsets(receipt.Generation, receipt.EndOffsets));
        }
    }

    [Fact]
    public async Task Partition_goes_to_another_owner_while_readers_wait_for_more()
    {
        await using LakeCluster lake = await LakeCluster.StartAsync(1, 1);
        long epoch = (await lake.Partition(0).GetStatusAsync()).Epoch;
        Task<bool> beyond = lake.Gateway.WaitBeyondAsync(new LakeOffsets(1, [0]), TimeSpan.FromSeconds(25));
        await lake.Partition(0).AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        Assert.True((await Retries.RunAsync(() => lake.Partition(0).GetStatusAsync())).Epoch > epoch);
        Assert.False(beyond.IsCompleted);
        await lake.Gateway.SendAsync(new SendRequest { Ndjson = GoldenEvents.Ndjson });
        Assert.True(await beyond);
    }

    private static long TotalOf(AggregateResponse readout) =>
        ReportPart.Sum(LakeReports.Report1, [.. readout.Parts.Select(part => ReportPart.Read(LakeReports.Report1, part))]).GrandTotal;
}
