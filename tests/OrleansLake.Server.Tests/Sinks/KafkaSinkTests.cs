using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLake.Contracts;
using OrleansLake.Sinks.Kafka;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Sinks;

public class KafkaSinkTests
{
    [Fact]
    public async Task The_newest_record_of_each_key_is_the_report()
    {
        using var kafka = new KafkaCluster();
        await using ServerUnderTest server = await StartAsync(kafka);
        await server.PostAsync(ServerUnderTest.Line("a", timestamp: "2024-12-16T10:00:00Z") + ServerUnderTest.Line("b", "OPEN", channel: "SMS", user: 2));
        await AgreeAsync(server, kafka, 2);

        // The first occurrence is on another date, with another user: its rows move.
        await server.PostAsync(ServerUnderTest.Line("a", timestamp: "2024-12-15T10:00:00Z", user: 3) + ServerUnderTest.Line("d", "BOUNCED", user: 2));
        await AgreeAsync(server, kafka, 4);
        JsonElement ledger = Assert.Single(TopicFold.Of(kafka, "reports.ledger").Values).Row!.Value;
        Assert.Equal(("1.4", 4, 3), (ledger.GetProperty("position").GetString(), ledger.GetProperty("bronze").GetInt32(), ledger.GetProperty("deduplicated").GetInt32()));
        Message<byte[], byte[]?> gone = Assert.Single(kafka.Read("reports.report2"), record => record.Value is null);
        Assert.Equal("{\"user_id\":1}", Encoding.UTF8.GetString(gone.Key));
        Assert.Contains("{\"epoch\":1,\"step\":", Encoding.UTF8.GetString(kafka.Read("reports.report1")[0].Value!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_killed_leaves_what_the_next_one_completes()
    {
        using var kafka = new KafkaCluster();
        using var scratch = new ScratchFolder();
        int sent = 0;
        for (int deaths = 0; deaths < 3; deaths++)
        {
            using ServedProcess server = ServedProcess.Start(scratch["lake"], null, "--sink", $"kafka://{kafka.Brokers}/reports");
            server.Process.WaitUntil(one => one.ErrorSoFar.Contains("follow", StringComparison.Ordinal), "it writes to the topics");
            for (int i = 0; i < 20; i++, sent++)
            {
                using var body = new StringContent(ServerUnderTest.Line($"m{sent}", channel: sent % 3 == 0 ? "SMS" : "CHAT", user: sent % 7), null, "application/x-ndjson");
                (await server.Http.PostAsync("/v1/messages", body)).EnsureSuccessStatusCode();
            }

            server.Process.Kill();
            server.Process.Wait();
        }

        // While nobody publishes, a user's only message moves to another one.
        await using (ServerUnderTest without = await ServerUnderTest.StartAsync(scratch: scratch))
        {
            await without.PostAsync(ServerUnderTest.Line("m0", channel: "SMS", user: 99, timestamp: "2024-12-01T00:00:00Z"));
            await without.TotalAsync(++sent);
            await without.StopAsync();
        }

        await using ServerUnderTest last = await StartAsync(kafka, scratch);
        await AgreeAsync(last, kafka, sent);
        Assert.Equal(4, Assert.Single(TopicFold.Of(kafka, "reports.ledger").Values).Epoch);

        // What had not changed was not published again.
        await using ServerUnderTest again = await RestartAsync(last, kafka, scratch);
        int records = kafka.Read("reports.report2").Count;
        await again.PostAsync(ServerUnderTest.Line("new", user: 100));
        await AgreeAsync(again, kafka, sent + 1);
        Assert.Equal(records + 1, kafka.Read("reports.report2").Count);
    }

    [Fact]
    public async Task What_an_earlier_owner_still_sends_has_an_older_version()
    {
        using var kafka = new KafkaCluster();
        await using ServerUnderTest old = await StartAsync(kafka);
        await old.PostAsync(ServerUnderTest.Line("a"));
        await AgreeAsync(old, kafka, 1);
        await using ServerUnderTest other = await StartAsync(kafka);
        await other.PostAsync(ServerUnderTest.Line("x") + ServerUnderTest.Line("y"));
        await AgreeAsync(other, kafka, 2);

        // This cluster accepts transactions of any producer: a real one refuses these records.
        await old.PostAsync(ServerUnderTest.Line("b") + ServerUnderTest.Line("c") + ServerUnderTest.Line("d"));
        await Eventually.HoldsAsync(() => kafka.Read("reports.report2").Any(record => Encoding.UTF8.GetString(record.Value ?? []).Contains("\"iterations\":4", StringComparison.Ordinal)), "the earlier owner sends");
        await AgreeAsync(other, kafka, 2);
    }

    [Fact]
    public async Task What_is_wrong_with_a_cluster_is_said_in_a_line_and_the_server_runs_on()
    {
        var log = new LogLines();
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(settings: settings => settings with
        {
            LogLevel = LogLevel.Warning,
            AddServices = services => services.AddKafkaSink("kafka://127.0.0.1:1/reports").AddSingleton<ILoggerProvider>(log),
        });
        Assert.True((await server.PostAsync(ServerUnderTest.Line("a"))).IsSuccessStatusCode);
        await Eventually.HoldsAsync(() => log.Lines.Any(line => line.StartsWith("the topics 'reports.*' at 127.0.0.1:1 does not follow the lake:", StringComparison.Ordinal)), "it says what is wrong");
    }

    private static Task<ServerUnderTest> StartAsync(KafkaCluster kafka, ScratchFolder? scratch = null) =>
        ServerUnderTest.StartAsync(scratch: scratch, settings: basic => basic with { AddServices = services => services.AddKafkaSink($"kafka://{kafka.Brokers}/reports") });

    private static async Task<ServerUnderTest> RestartAsync(ServerUnderTest server, KafkaCluster kafka, ScratchFolder scratch)
    {
        await server.StopAsync();
        return await StartAsync(kafka, scratch);
    }

    private static Task AgreeAsync(ServerUnderTest server, KafkaCluster kafka, int messages) =>
        SinkRows.AgreeAsync(server, messages, report => Task.FromResult(TopicFold.RowsOf(kafka, $"reports.{report.Name}")));
}
