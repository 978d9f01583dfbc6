using System.Buffers;
using System.Text;
using Orleans.TestingHost;
using OrleansLake.Client.Orleans;
using OrleansLake.Core.Columns;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;
using OrleansLake.TestSupport;

namespace OrleansLake.Client.Tests;

/// <summary>Silos of a lake that keeps attributes and sources.</summary>
public class KeepTests
{
    [Fact]
    public async Task What_is_kept_is_in_the_grain_s_answer_before_and_after_a_commit()
    {
        using var folder = new ScratchFolder();
        var options = new LakeOptions { Path = folder["lake"], Create = true, Keep = KeptFields.Attributes | KeptFields.Source, Partitions = 4 };
        await using (await Lake.OpenAsync(options))
        {
        }

        Assert.True(AddedColumn.TryCreate("n", "int64", "attributes.n", out AddedColumn? column, out _));
        await LakeColumns.AddAsync(options, column);
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) => silo.AddLake(folder["lake"], silos =>
        {
            silos.Partitions = 4;
            silos.Keep = KeptFields.Attributes | KeptFields.Source;
            silos.Trigger = TimeSpan.FromMilliseconds(200);
        }));
        await using InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        var client = new GrainLakeClient(cluster.Client, TimeProvider.System);
        byte[] body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 20).Select(static i => $$"""{"timestamp":"2024-12-16T10:00:00Z","message_id":"m{{i}}","event_type":"SENT","n":{{i}}.0}""" + "\n")));
        await client.SendAsync(new ReadOnlySequence<byte>(body), new SendOptions { Source = "test", WaitForReports = true });
        await AssertKeptAsync();
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while ((await client.GetStatusAsync(timeout.Token)).Published < 20)
        {
            await Task.Delay(20, timeout.Token);
        }

        await AssertKeptAsync();
        Assert.All(LakeReader.Open(folder["lake"]).CheckDeep().Findings, static finding => Assert.True(finding.IsRight, finding.ToString()));

        async Task AssertKeptAsync()
        {
            MessageCopy copy = (await client.GetMessageAsync("m7")).Copies[0];
            Assert.Equal(("{\"n\":7.0}", "test", 8L, "{\"n\":7}"), (copy.Attributes, copy.Source, copy.SourceOffset, copy.Columns));
        }
    }
}
