using System.Globalization;
using System.Text.Json;
using Npgsql;
using OrleansLake.Connectors;
using OrleansLake.Connectors.Sinks;
using OrleansLake.Grains;
using OrleansLake.Grains.Wire;
using OrleansLake.TestSupport;
using Xunit.Abstractions;

namespace OrleansLake.Silo.Tests;

/// <summary>A sink on silos that are killed: another one writes it on, and no older row comes after a newer one.</summary>
public class SinkKillTests(ITestOutputHelper output)
{
    private const string Sink = "postgresql:postgres/orleanslake";

    [PostgreSqlFact]
    public async Task A_sink_whose_silo_is_killed_is_written_from_another_one()
    {
        using var folder = new ScratchFolder();
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        var silos = new List<SiloProcess> { Begin(), Begin(), Begin() };
        using var watched = new CancellationTokenSource();
        try
        {
            await Task.WhenAll(silos.Select(static silo => silo.StartedAsync()));
            await using ClusterClient client = await ClusterClient.ConnectAsync(database.ConnectionString);
            await UntilAsync(database, "select max(step) > 0 from orleanslake.ledger");
            Task<int> watching = WatchAsync(database, watched.Token);
            int kills = 0;
            byte[][] pieces = [.. GoldenEvents.Pieces(100)];
            for (int piece = 0; piece < pieces.Length; piece++)
            {
                if (piece % 40 == 39)
                {
                    // Nobody calls the grain: what woke it is its reminder.
                    await UntilAsync(database, $"select epoch > {kills++} and step > 0 from orleanslake.ledger");
                    SiloProcess victim = await OwnerAsync(client, silos);
                    output.WriteLine($"kill at piece {piece}");
                    await victim.KillAsync();
                    silos.Remove(victim);
                    silos.Add(Begin());
                }

                await Retries.RunAsync(() => client.Gateway.SendAsync(new SendRequest { Ndjson = pieces[piece], Key = "golden", Number = piece }));
            }

            await UntilAsync(database, "select max(bronze) = 12000 from orleanslake.ledger");
            await watched.CancelAsync();
            Assert.True(await watching > 0, "no step was seen");
            Assert.Equal(Rows(GoldenEvents.Report1.Split('\n', StringSplitOptions.RemoveEmptyEntries)), await RowsAsync(database, "report1"));
            Assert.Equal(Rows(GoldenEvents.Report2.Split('\n', StringSplitOptions.RemoveEmptyEntries)), await RowsAsync(database, "report2"));
            SinkStatus status = await Retries.RunAsync(() => client.Grains.GetSink(Sink).GetStatusAsync());
            Assert.True(status is { Epoch: >= 4, Starts: >= 4, IsTaken: false }, $"{status}");
        }
        finally
        {
            await watched.CancelAsync();
            foreach (SiloProcess silo in silos)
            {
                await silo.DisposeAsync();
            }
        }

        SiloProcess Begin() => SiloProcess.Begin(folder["lake"], database.ConnectionString, 4, ("OrleansLake__Sinks__0", $"postgresql://lake@127.0.0.1:{database.Port}/postgres"));
    }

    // Ends with the number of steps that it has seen; each is after the one before, and has no fewer messages.
    private static async Task<int> WatchAsync(PostgreSqlServer database, CancellationToken stop)
    {
        int seen = 0;
        (long Epoch, long Step, long Bronze) before = default;
        while (!stop.IsCancellationRequested)
        {
            string[] now = (await TextAsync(database, "select epoch || ' ' || step || ' ' || coalesce(bronze, 0) from orleanslake.ledger")).Split(' ');
            (long Epoch, long Step, long Bronze) after = (Number(now[0]), Number(now[1]), Number(now[2]));
            Assert.True((after.Epoch, after.Step).CompareTo((before.Epoch, before.Step)) >= 0 && after.Bronze >= before.Bronze, $"{after} came after {before}");
            seen += after == before ? 0 : 1;
            before = after;
            await Task.Delay(5, CancellationToken.None);
        }

        return seen;
    }

    private static async Task<SiloProcess> OwnerAsync(ClusterClient client, List<SiloProcess> silos)
    {
        using var tooLong = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            SiloAddress? at = await Retries.RunAsync(() => client.Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(client.Grains.GetSink(Sink)).AsTask());
            if (silos.Find(silo => silo.Port == at?.Endpoint.Port) is { } owner)
            {
                return owner;
            }

            await Task.Delay(100, tooLong.Token);
        }
    }

    private static async Task UntilAsync(PostgreSqlServer database, string isSo)
    {
        using var tooLong = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (true)
        {
            try
            {
                if (await TextAsync(database, $"select coalesce(({isSo}), false)::text") == "true")
                {
                    return;
                }
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable && !tooLong.IsCancellationRequested)
            {
                // Not opened yet.
            }

            await Task.Delay(50, tooLong.Token);
        }
    }

    private static async Task<string[]> RowsAsync(PostgreSqlServer database, string report)
    {
        using JsonDocument json = JsonDocument.Parse(await TextAsync(database, $"select coalesce(json_agg(r), '[]')::text from orleanslake.{report} r"));
        return Rows(json.RootElement.EnumerateArray().Select(static row => row.GetRawText()));
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static string[] Rows(IEnumerable<string> rows) => [.. rows.Select(Sorted).Order(StringComparer.Ordinal)];

    private static string Sorted(string row)
    {
        using JsonDocument json = JsonDocument.Parse(row);
        return string.Join(',', json.RootElement.EnumerateObject().OrderBy(static member => member.Name, StringComparer.Ordinal).Select(static member => $"{member.Name}={member.Value}"));
    }

    private static async Task<string> TextAsync(PostgreSqlServer database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        return $"{await command.ExecuteScalarAsync()}";
    }
}
