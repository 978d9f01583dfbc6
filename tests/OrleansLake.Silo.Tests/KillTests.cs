using System.Buffers;
using System.Text;
using OrleansLake.Grains;
using OrleansLake.Storage;
using OrleansLake.Testing;
using Xunit.Abstractions;

namespace OrleansLake.Silo.Tests;

/// <summary>Silos that are killed: what was acknowledged is stored, and counted once.</summary>
public class KillTests(ITestOutputHelper output)
{
    private const int Partitions = 4;
    private const int PieceLines = 100;

    [PostgreSqlFact]
    public async Task Silos_killed_at_random_moments_lose_nothing_and_count_nothing_twice()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        int kills = int.TryParse(Environment.GetEnvironmentVariable("ORLEANSLAKE_KILLS"), out int asked) ? asked : 3;
        using var folder = new ScratchFolder();
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        var silos = new List<SiloProcess> { Begin(folder, database), Begin(folder, database), Begin(folder, database) };
        try
        {
            await Task.WhenAll(silos.Select(silo => silo.StartedAsync()));
            await using ClusterClient client = await ClusterClient.ConnectAsync(database.ConnectionString);
            byte[][] pieces = [.. GoldenEvents.Pieces(PieceLines)];
            HashSet<int> before = [.. Enumerable.Range(0, kills).Select(i => (i * pieces.Length / kills) + random.Next(pieces.Length / kills))];
            for (int piece = 0; piece < pieces.Length; piece++)
            {
                // Sent under a key, so that it may be sent again whatever became of the call.
                Task<SendReceipt> sending = SendAsync(client, pieces[piece], piece);
                if (before.Contains(piece))
                {
                    await Task.Delay(random.Next(20));
                    SiloProcess victim = silos[random.Next(silos.Count)];
                    await victim.KillAsync();
                    silos.Remove(victim);
                    silos.Add(Begin(folder, database));
                }

                SendReceipt receipt = await sending;
                Assert.Equal((SendOutcome.Stored, (long)PieceLines), (receipt.Outcome, receipt.Accepted + receipt.Duplicates));
            }

            await AssertIsGoldenAsync(client);
        }
        finally
        {
            foreach (SiloProcess silo in silos)
            {
                await silo.DisposeAsync();
            }
        }
    }

    [PostgreSqlFact]
    public async Task A_silo_that_was_frozen_past_its_membership_writes_nothing_when_it_wakes()
    {
        using var folder = new ScratchFolder();
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        await using SiloProcess first = Begin(folder, database);
        await using SiloProcess second = Begin(folder, database);
        await Task.WhenAll(first.StartedAsync(), second.StartedAsync());
        await using ClusterClient client = await ClusterClient.ConnectAsync(database.ConnectionString);
        byte[][] pieces = [.. GoldenEvents.Pieces(PieceLines)];
        for (int piece = 0; piece < pieces.Length; piece++)
        {
            if (piece == pieces.Length / 3)
            {
                second.Freeze();
            }
            else if (piece == 2 * pieces.Length / 3)
            {
                second.Thaw();
            }

            SendReceipt receipt = await SendAsync(client, pieces[piece], piece);
            Assert.Equal((SendOutcome.Stored, (long)PieceLines), (receipt.Outcome, receipt.Accepted + receipt.Duplicates));
        }

        await AssertIsGoldenAsync(client);
    }

    private static SiloProcess Begin(ScratchFolder folder, PostgreSqlServer database) => SiloProcess.Begin(folder["lake"], database.ConnectionString, Partitions);

    private static Task<SendReceipt> SendAsync(ClusterClient client, byte[] piece, int number) =>
        Retries.RunAsync(() => client.Gateway.SendAsync(new SendRequest { Ndjson = piece, Key = "golden", Number = number }));

    private static async Task AssertIsGoldenAsync(ClusterClient client)
    {
        await Retries.RunAsync(() => client.Gateway.CommitAsync());
        Assert.Equal(GoldenEvents.Report1, Ndjson(await Retries.RunAsync(() => client.Gateway.GetReportAsync("report1"))));
        Assert.Equal(GoldenEvents.Report2, Ndjson(await Retries.RunAsync(() => client.Gateway.GetReportAsync("report2"))));
        LedgerReadout ledger = await Retries.RunAsync(() => client.Gateway.GetLedgerAsync());
        Assert.Equal(new LedgerEntry(12_000, 10_211, 1_789, 0, 6_741), ledger.ToLedger().Total);
    }

    private static string Ndjson(ReportReadout readout)
    {
        var bytes = new ArrayBufferWriter<byte>();
        readout.ToTable().WriteNdjson(bytes);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
