using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using OrleansLake.Client;
using OrleansLake.Core.Reports;
using OrleansLake.Server.Settings;
using OrleansLake.Sinks.PostgreSql;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Sinks;

public class PostgreSqlSinkTests
{
    [PostgreSqlFact]
    public async Task Reports_are_in_the_database_as_they_change()
    {
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        await using ServerUnderTest server = await StartAsync(database);
        await server.PostAsync(ServerUnderTest.Line("a", timestamp: "2024-12-16T10:00:00Z") + ServerUnderTest.Line("b", "OPEN", channel: "SMS", user: 2) + ServerUnderTest.Line("c", null));
        await AgreeAsync(server, database, 3);
        Assert.Equal("1.3 3 2 1 2", await TextAsync(database, "select position || ' ' || bronze || ' ' || messages || ' ' || messages_corrupted || ' ' || deduplicated from orleanslake.ledger"));

        // The first occurrence is on another date, with another user: its rows move. A new event type is a new column.
        await server.PostAsync(ServerUnderTest.Line("a", timestamp: "2024-12-15T10:00:00Z", user: 3) + ServerUnderTest.Line("d", "BOUNCED"));
        await AgreeAsync(server, database, 5);
        Assert.Equal("date,channel,total,OPEN,SENT,BOUNCED".Split(','), (await TextAsync(database, Columns("report1"))).Split(','), StringComparer.Ordinal);
    }

    [PostgreSqlFact]
    public async Task What_has_changed_while_nobody_wrote_is_written_at_the_start()
    {
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        using var scratch = new ScratchFolder();
        await using (ServerUnderTest first = await StartAsync(database, scratch))
        {
            await first.PostAsync(ServerUnderTest.Line("a") + ServerUnderTest.Line("b", "OPEN", channel: "SMS", user: 2));
            await AgreeAsync(first, database, 2);
            await first.StopAsync();
        }

        await using (ServerUnderTest without = await ServerUnderTest.StartAsync(scratch: scratch))
        {
            await without.PostAsync(ServerUnderTest.Line("b", "OPEN", timestamp: "2024-12-01T10:00:00Z", channel: "SMS", user: 7));
            await without.TotalAsync(3);
            await without.StopAsync();
        }

        await using ServerUnderTest second = await StartAsync(database, scratch);
        await AgreeAsync(second, database, 3, epoch: 2);

        // What had not changed was not written again.
        Assert.Equal("1:1,7:2", await TextAsync(database, "select string_agg(user_id || ':' || epoch, ',' order by user_id) from orleanslake.report2_long"));
    }

    [PostgreSqlFact]
    public async Task A_server_that_is_killed_leaves_a_whole_step_and_the_next_one_continues()
    {
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        using var scratch = new ScratchFolder();
        string address = Address(database);
        int sent = 0;
        for (int deaths = 0; deaths < 4; deaths++)
        {
            using ServedProcess server = ServedProcess.Start(scratch["lake"], null, "--sink", address);
            server.Process.WaitUntil(one => one.ErrorSoFar.Contains("follows the lake", StringComparison.Ordinal), "it writes to the database");
            for (int i = 0; i < 20; i++, sent++)
            {
                using var body = new StringContent(ServerUnderTest.Line($"m{sent}", channel: sent % 3 == 0 ? "SMS" : "CHAT", user: sent % 7), null, "application/x-ndjson");
                (await server.Http.PostAsync("/v1/messages", body)).EnsureSuccessStatusCode();

                // In one transaction, so in both reports or in neither.
                Assert.Equal("true", await TextAsync(database, "select ((select coalesce(sum(total), 0) from orleanslake.report1) = (select coalesce(sum(iterations), 0) from orleanslake.report2))::text"));
            }

            server.Process.Kill();
            server.Process.Wait();
        }

        await using ServerUnderTest last = await StartAsync(database, scratch);
        await AgreeAsync(last, database, sent, epoch: 5);
    }

    [PostgreSqlFact]
    public async Task An_earlier_owner_writes_nothing_that_counts_and_ends()
    {
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        var log = new LogLines();
        await using ServerUnderTest old = await StartAsync(database, settings: settings => settings with { LogLevel = LogLevel.Warning, AddServices = services => { settings.AddServices!(services); services.AddSingleton<ILoggerProvider>(log); } });
        await old.PostAsync(ServerUnderTest.Line("a"));
        await AgreeAsync(old, database, 1);
        await using ServerUnderTest other = await StartAsync(database);
        await other.PostAsync(ServerUnderTest.Line("x", user: 9));
        await AgreeAsync(other, database, 1, epoch: 2);
        await old.PostAsync(ServerUnderTest.Line("b"));
        await Eventually.HoldsAsync(() => log.Lines.Any(line => line.Contains("is written by another owner now", StringComparison.Ordinal)), "the earlier one ends");
        SinkStatus taken = Assert.Single(await old.NewClient().GetSinksAsync());
        Assert.Equal((true, 1L, 1L), (taken.IsTaken, taken.Epoch, taken.Lag));
        Assert.Contains("epoch 2", taken.Failure, StringComparison.Ordinal);
        Assert.False(Assert.Single(await other.NewClient().GetSinksAsync()).IsTaken);
        await AgreeAsync(other, database, 1, epoch: 2);
    }

    [PostgreSqlFact]
    public async Task A_database_that_goes_and_comes_back_is_written_again()
    {
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        await using ServerUnderTest server = await StartAsync(database);
        await server.PostAsync(ServerUnderTest.Line("a"));
        await AgreeAsync(server, database, 1);
        await database.DownAsync();
        await server.PostAsync(ServerUnderTest.Line("b", "OPEN"));
        await server.TotalAsync(2);
        Assert.Contains("orleanslake_sink_lag{sink=\"postgresql:postgres/orleanslake\"} 1", await server.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        await database.UpAsync();
        await AgreeAsync(server, database, 2, epoch: 2);
        Assert.Contains("orleanslake_sink_lag{sink=\"postgresql:postgres/orleanslake\"} 0", await server.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [PostgreSqlFact]
    public async Task Names_and_texts_that_PostgreSQL_cannot_have_stay_distinct()
    {
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        await using ServerUnderTest server = await StartAsync(database);
        string name = new('n', 80);
        string body = ServerUnderTest.Line("a", name + "1") + ServerUnderTest.Line("b", name + "2") + ServerUnderTest.Line("c", "it's \"x\"")
            + ServerUnderTest.Line("d", "e", channel: "\\u0000") + ServerUnderTest.Line("e", "e", channel: new string('c', 5000))
            + "{\"timestamp\":\"2024-12-16T10:00:00Z\",\"message_id\":\"f\",\"event_type\":\"total\"}\n";
        Assert.True((await server.PostAsync(body)).IsSuccessStatusCode);
        await WrittenAsync(database, 6);
        Assert.Equal($"date,channel,total,e,it's \"x\",{new string('n', 63)},{new string('n', 61)}_2,total_", await TextAsync(database, Columns("report1")));
        Assert.Equal("6 6", await TextAsync(database, "select (select sum(total) from orleanslake.report1) || ' ' || (select sum(iterations) from orleanslake.report2)"));
        Assert.Equal("1", await TextAsync(database, "select total::text from orleanslake.report1 where channel = '\\u0000'"));
        Assert.Equal("1", await TextAsync(database, "select \"null\"::text from orleanslake.report2 where user_id is null"));
    }

    [PostgreSqlFact]
    public async Task What_is_wrong_with_a_database_is_said_in_a_line_and_the_server_runs_on()
    {
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        var log = new LogLines();
        await using ServerUnderTest server = await StartAsync(database, address: Address(database).Replace("/postgres", "/nosuch", StringComparison.Ordinal), settings: settings => settings with { LogLevel = LogLevel.Warning, AddServices = services => { settings.AddServices!(services); services.AddSingleton<ILoggerProvider>(log); } });
        await Eventually.HoldsAsync(() => log.Lines.Any(line => line.Contains("has no database 'nosuch'", StringComparison.Ordinal)), "it says what is missing");
        Assert.True((await server.PostAsync(ServerUnderTest.Line("a"))).IsSuccessStatusCode);
        ServeSettingsException unknown = await Assert.ThrowsAsync<ServeSettingsException>(() => StartAsync(database, address: Address(database) + "?reports=report7"));
        Assert.Contains("report7, which the lake does not have; it has report1, report2", unknown.Message, StringComparison.Ordinal);
    }

    private static string Address(PostgreSqlServer database) => $"postgresql://lake@127.0.0.1:{database.Port}/postgres";

    private static Task<ServerUnderTest> StartAsync(PostgreSqlServer database, ScratchFolder? scratch = null, string? address = null, Func<ServeSettings, ServeSettings>? settings = null) =>
        ServerUnderTest.StartAsync(scratch: scratch, settings: basic =>
        {
            ServeSettings own = basic with { AddServices = services => services.AddPostgreSqlSink(address ?? Address(database)) };
            return settings is null ? own : settings(own);
        });

    private static string Columns(string view) =>
        $"select string_agg(attname, ',' order by attnum) from pg_attribute where attrelid = 'orleanslake.{view}'::regclass and attnum > 0";

    // Reads both in the database at one moment, and compares every row with the lake's own.
    private static async Task AgreeAsync(ServerUnderTest server, PostgreSqlServer database, int messages, int epoch = 1)
    {
        await server.TotalAsync(messages);
        await WrittenAsync(database, messages, epoch);
        foreach (string report in LakeReports.All.Select(report => report.Name))
        {
            string[] shown = [.. (await server.GetJsonAsync($"/v1/reports/{report}?limit=100000")).GetProperty("rows").EnumerateArray().Select(Sorted).Order(StringComparer.Ordinal)];
            string rows = await TextAsync(database, $"select coalesce(json_agg(r), '[]')::text from orleanslake.{report} r");
            using JsonDocument json = JsonDocument.Parse(rows);
            Assert.Equal(shown, json.RootElement.EnumerateArray().Select(Sorted).Order(StringComparer.Ordinal));
        }
    }

    // Before the sink is opened there is no such table.
    private static Task<string> WrittenAsync(PostgreSqlServer database, int messages, int epoch = 1) => Eventually.GetAsync(
        async () =>
        {
            try
            {
                return await TextAsync(database, "select coalesce(max(epoch || ' ' || position), '') from orleanslake.ledger where step > 0") == $"{epoch} 1.{messages}" ? "" : null;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
            {
                return null;
            }
        },
        $"the database has {messages} messages");

    private static string Sorted(JsonElement row) =>
        string.Join(',', row.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal).Select(member => $"{member.Name}={member.Value.GetRawText()}"));

    private static async Task<string> TextAsync(PostgreSqlServer database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own.
        command.CommandText = sql;
#pragma warning restore CA2100
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
