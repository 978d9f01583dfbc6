using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLake.Client;
using OrleansLake.Contracts;
using OrleansLake.Core.Messages;
using OrleansLake.Server.Tests.Contracts;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Sources;

/// <summary>The rules that hold for every source whose broker keeps records under offsets, tried on a real broker of each kind.</summary>
public abstract class TopicSourceContract
{
    private protected abstract Task<ITestTopic> NewTopicAsync();

    [ContractFact]
    public async Task Records_are_stored_once_with_their_offsets_though_the_server_stops_between()
    {
        await using ITestTopic topic = await NewTopicAsync();
        using var scratch = new ScratchFolder();
        for (int run = 0; run < 3; run++)
        {
            await topic.PublishAsync([.. Enumerable.Range(run * 100, 100).Select(static i => Message($"m{i}"))]);
            await using ServerUnderTest server = await StartAsync(scratch, services => topic.AddTo(services));
            await ShownAsync(server, $"m{(run * 100) + 99}");
            await topic.PublishAsync(Message($"live{run}"));
            await ShownAsync(server, $"live{run}");
            Assert.Equal((run + 1) * 101, Total(server, "bronze"));
            JsonElement copy = (await server.GetJsonAsync($"/v1/messages/live{run}")).GetProperty("copies")[0];
            Assert.Equal((topic.Partition, ((run + 1) * 101) - 1), (copy.GetProperty("source").GetString(), copy.GetProperty("source_offset").GetInt32()));
            await server.StopAsync();
        }
    }

    [ContractFact]
    public async Task A_server_that_stops_while_records_come_has_stored_what_it_has_read_and_the_place_behind()
    {
        await using ITestTopic topic = await NewTopicAsync();
        using var scratch = new ScratchFolder();
        Task publishing = Task.CompletedTask;
        for (int run = 0; run < 3; run++)
        {
            await using ServerUnderTest server = await StartAsync(scratch, services => topic.AddTo(services));
            await publishing;
            int from = run * 500;
            publishing = Task.Run(async () =>
            {
                for (int i = 0; i < 500; i += 10)
                {
                    await topic.PublishAsync([.. Enumerable.Range(from + i, 10).Select(static i => Message($"m{i}"))]);
                }
            });
            await Eventually.HoldsAsync(() => Total(server, "bronze") > from + 50, "records are stored");
            await server.StopAsync();

            // Each row with its offset, none twice: whatever the stop came between.
            List<(string Source, long Offset)> stored = BronzeRecords.Of(scratch["lake"]);
            Assert.Equal(Enumerable.Range(0, stored.Count).Select(offset => (topic.Partition, (long)offset)), stored);
        }

        await publishing;
        await using ServerUnderTest last = await StartAsync(scratch, services => topic.AddTo(services));
        await Eventually.HoldsAsync(() => Total(last, "bronze") == 1500, "the rest is read");
        Assert.Equal(1500, Total(last, "deduplicated"));
    }

    [ContractFact]
    public async Task Records_become_messages_by_the_mapping_that_the_source_names()
    {
        await using ITestTopic topic = await NewTopicAsync();
        using var scratch = new ScratchFolder();
        await using (ServerUnderTest server = await StartAsync(scratch, static _ => { }))
        {
            await server.NewClient().SetMappingAsync("by_id", """{"fields":{"message_id":"id"}}""");
        }

        await topic.PublishAsync("""{"timestamp":"2024-12-16T10:00:00Z","id":"one"}""");
        await using ServerUnderTest again = await StartAsync(scratch, services => topic.AddTo(services, mapping: "by_id"));
        await ShownAsync(again, "one");
        using var other = new ScratchFolder();
        ServeSettingsException missing = await Assert.ThrowsAsync<ServeSettingsException>(() => StartAsync(other, services => topic.AddTo(services, mapping: "other")));
        Assert.Contains("is to be read by the mapping other, which the lake does not have", missing.Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task A_record_that_is_no_message_is_in_quarantine_with_its_place_and_the_next_is_read()
    {
        await using ITestTopic topic = await NewTopicAsync();
        await topic.PublishAsync(Message("a"), "not json", Message("b"));
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(settings: settings => settings with { AddServices = services => topic.AddTo(services) });
        await ShownAsync(server, "b");
        JsonElement rejected = (await server.GetJsonAsync("/v1/quarantine")).GetProperty("records")[0];
        Assert.Equal((topic.Partition, 1), (rejected.GetProperty("source").GetString(), rejected.GetProperty("record").GetInt32()));
    }

    [ContractFact]
    public async Task While_the_lake_accepts_nothing_records_wait_and_none_is_lost()
    {
        await using ITestTopic topic = await NewTopicAsync();
        using var scratch = new ScratchFolder();
        await topic.PublishAsync(Message("a"));
        await using ServerUnderTest server = await StartAsync(scratch, services =>
        {
            StallingLake.AddTo(services);
            topic.AddTo(services);
        });
        await ShownAsync(server, "a");
        StallingLake lake = server.Services.GetRequiredService<StallingLake>();
        lake.IsStalled = true;
        await topic.PublishAsync([.. Enumerable.Range(0, 500).Select(static i => Message($"m{i}"))]);
        await Eventually.HoldsAsync(() => lake.Refused > 2, "it is tried again");
        await Eventually.HoldsAsync(() => LagOf(server, topic) > 0, "the lag is shown");
        lake.IsStalled = false;
        await Eventually.HoldsAsync(() => Total(server, "bronze") == 501, "all are stored");
        await Eventually.HoldsAsync(() => LagOf(server, topic) == 0, "nothing is behind");
    }

    [ContractFact]
    public Task Records_that_are_gone_stop_the_partition_until_an_operator_says_where_to_go_on() => GapAsync(skipsGaps: false);

    [ContractFact]
    public Task Records_that_are_gone_are_passed_over_where_the_source_says_so() => GapAsync(skipsGaps: true);

    [ContractFact]
    public async Task A_paused_source_reads_nothing_even_after_a_start_and_then_goes_on_where_it_was()
    {
        await using ITestTopic topic = await NewTopicAsync();
        using var scratch = new ScratchFolder();
        await topic.PublishAsync(Message("a"));
        await using (ServerUnderTest server = await StartAsync(scratch, services => topic.AddTo(services)))
        {
            await ShownAsync(server, "a");
            await server.NewClient().SetPausedAsync(topic.Source, true);
            await topic.PublishAsync(Message("b"));
            await server.StopAsync();
        }

        await using ServerUnderTest again = await StartAsync(scratch, services => topic.AddTo(services));
        HttpLakeClient client = again.NewClient();
        await Eventually.HoldsAsync(() => client.GetSourcesAsync().Result.Single() is { IsPaused: true, Partitions: [{ Number: 0, Position: 1 }, ..] }, "it is paused where it was");
        await topic.PublishAsync(Message("c"));
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        Assert.Equal(1, Total(again, "bronze"));
        await client.SetPausedAsync(topic.Source, false);
        await ShownAsync(again, "c");
        Assert.Equal(3, Total(again, "bronze"));
        LakeClientException unknown = await Assert.ThrowsAsync<LakeClientException>(() => client.SetPausedAsync("other", true));
        Assert.Equal((LakeClientErrorKind.NotFound, true), (unknown.Kind, unknown.Message.Contains($"there are {topic.Source}", StringComparison.Ordinal)));
    }

    [ContractFact]
    public async Task Seeking_back_reads_records_again_which_count_once_and_forward_passes_them_over()
    {
        await using ITestTopic topic = await NewTopicAsync();
        using var scratch = new ScratchFolder();
        await topic.PublishAsync([.. Enumerable.Range(0, 10).Select(static i => Message($"m{i}"))]);
        await using (ServerUnderTest server = await StartAsync(scratch, services => topic.AddTo(services)))
        {
            HttpLakeClient client = server.NewClient();
            await ShownAsync(server, "m9");
            SourceMove back = (await client.SeekAsync(new SourceSeek(topic.Source) { Partition = 0, Offset = 2 })).Single();
            Assert.Equal((10, 2), (back.From, back.To));
            await Eventually.HoldsAsync(() => Total(server, "bronze") == 18 && Total(server, "deduplicated") == 10, "they are read again and count once");
            LakeClientException none = await Assert.ThrowsAsync<LakeClientException>(() => client.SeekAsync(new SourceSeek(topic.Source) { Partition = 0, Offset = 99 }));
            Assert.Equal((LakeClientErrorKind.BadRequest, true), (none.Kind, none.Message.Contains("begins at offset 0 and ends at 10 now: 99 is not between", StringComparison.Ordinal)));

            await client.SetPausedAsync(topic.Source, true);
            await topic.PublishAsync([.. Enumerable.Range(0, 5).Select(static i => Message($"passed{i}"))]);
            SourceMove forward = (await client.SeekAsync(new SourceSeek(topic.Source) { Partition = 0, Place = SourcePlace.Latest })).Single();
            Assert.Equal((10, 15), (forward.From, forward.To));
            await client.SetPausedAsync(topic.Source, false);
            await server.StopAsync();
        }

        await topic.PublishAsync(Message("last"));
        await using ServerUnderTest again = await StartAsync(scratch, services => topic.AddTo(services));
        await ShownAsync(again, "last");
        Assert.Equal(19, Total(again, "bronze"));
    }

    private async Task GapAsync(bool skipsGaps)
    {
        await using ITestTopic topic = await NewTopicAsync();
        using var scratch = new ScratchFolder();
        await topic.PublishAsync(Message("first"), Message("second"));
        await using (ServerUnderTest server = await StartAsync(scratch, services => topic.AddTo(services)))
        {
            await ShownAsync(server, "second");
            await server.StopAsync();
        }

        string said = await topic.LoseAsync(Message("last"));
        var log = new LogLines();
        await using ServerUnderTest again = await ServerUnderTest.StartAsync(scratch: scratch, settings: settings => settings with
        {
            LogLevel = LogLevel.Warning,
            AddServices = services =>
            {
                services.AddSingleton<ILoggerProvider>(log);
                topic.AddTo(services, skipsGaps: skipsGaps);
            },
        });
        await Eventually.HoldsAsync(() => string.Join('\n', log.Lines).Contains(said, StringComparison.Ordinal), "the gap is named");
        if (skipsGaps)
        {
            await ShownAsync(again, "last");
            Assert.Contains($"orleanslake_source_gaps_total{{source=\"{topic.Partition[..^2]}\"}}", await again.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        }
        else
        {
            SourceStatus stopped = (await again.NewClient().GetSourcesAsync()).Single();
            Assert.Contains(said, stopped.Partitions.Single(static one => one.Number == 0).Stopped, StringComparison.Ordinal);
            Assert.False((await again.Http.GetAsync("/v1/messages/last")).IsSuccessStatusCode);
            await again.NewClient().SeekAsync(new SourceSeek(topic.Source) { Partition = 0, Place = SourcePlace.Earliest });
            await ShownAsync(again, "last");
        }
    }

    private static string Message(string id) => ServerUnderTest.Line(id).Trim();

    private static Task ShownAsync(ServerUnderTest server, string id) => Eventually.HoldsAsync(() => server.Http.GetAsync($"/v1/messages/{id}").Result.IsSuccessStatusCode, $"{id} is shown");

    private static int LagOf(ServerUnderTest server, ITestTopic topic)
    {
        string begin = $"orleanslake_source_lag{{source=\"{topic.Partition[..^2]}\",partition=\"0\"}} ";
        string? line = server.Http.GetStringAsync("/metrics").Result.Split('\n').FirstOrDefault(line => line.StartsWith(begin, StringComparison.Ordinal));
        return line is null ? -1 : int.Parse(line.AsSpan(begin.Length), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static Task<ServerUnderTest> StartAsync(ScratchFolder scratch, Action<IServiceCollection> add) =>
        ServerUnderTest.StartAsync(options => options.Keep = KeptFields.Source, scratch, settings => settings with { AddServices = add });

    private static int Total(ServerUnderTest server, string name) => server.GetJsonAsync("/v1/ledger").Result.GetProperty("total").GetProperty(name).GetInt32();
}
