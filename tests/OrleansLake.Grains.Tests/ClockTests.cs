using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansLake.Engine;

namespace OrleansLake.Grains.Tests;

/// <summary>Whatever a silo dates it dates by the clock that its services have.</summary>
public sealed class ClockTests
{
    [Fact]
    public async Task A_rejected_record_is_dated_by_the_clock_of_the_silo()
    {
        var clock = new YearsAgo();
        await using LakeCluster lake = await LakeCluster.StartAsync(1, 2, silo: silo => silo.Services.AddSingleton<TimeProvider>(clock));
        DateTimeOffset before = clock.GetUtcNow();
        SendReceipt receipt = await lake.Gateway.SendAsync(new SendRequest { Ndjson = Encoding.UTF8.GetBytes("no message\n{}\n") });
        Assert.Equal(2, receipt.Rejected);
        await lake.Gateway.CommitAsync();
        QuarantineEntry[] entries = [.. LakeReader.Open(lake.Folder).Quarantine()];
        Assert.Equal(2, entries.Length);
        Assert.All(entries, entry => Assert.InRange(entry.RejectedAt!.Value, before.AddTicks(-10), clock.GetUtcNow()));
    }

    private sealed class YearsAgo : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddYears(-10);
    }
}
