using System.Buffers;
using System.Text;
using OrleansLake.Core.State;
using OrleansLake.Grains;
using OrleansLake.Grains.Wire;
using OrleansLake.TestSupport;
using Xunit.Abstractions;

namespace OrleansLake.Silo.Tests;

/// <summary>Silos that are killed: what was acknowledged is stored, and counted once. The lake is in a folder, or in Azurite.</summary>
public class KillTests(ITestOutputHelper output)
{
    private const int Partitions = 4;
    private const int PieceLines = 100;

    [PostgreSqlFact]
    public Task Silos_killed_at_random_moments_lose_nothing_and_count_nothing_twice() => KillAsync(null);

    [ComposeFact]
    public async Task Silos_killed_at_random_moments_and_a_store_that_is_away_lose_nothing_and_count_nothing_twice()
    {
        using AzuriteServer azurite = AzuriteServer.Start();
        await KillAsync(azurite);
    }

    private async Task KillAsync(AzuriteServer? azurite)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        int kills = int.TryParse(Environment.GetEnvironmentVariable("ORLEANSLAKE_KILLS"), out int asked) ? asked : 2;
        using var folder = new ScratchFolder();
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        var silos = new List<SiloProcess> { BeginOne(), BeginOne(), BeginOne() };
        try
        {
            await Task.WhenAll(silos.Select(silo => silo.StartedAsync()));
            await using ClusterClient client = await ClusterClient.ConnectAsync(database.ConnectionString);
            byte[][] pieces = [.. GoldenEvents.Pieces(PieceLines)];
            List<int> at = [.. Enumerable.Range(0, kills).Select(i => (i * pieces.Length / kills) + random.Next(Math.Max(1, pieces.Length / kills)))];
            for (int piece = 0; piece < pieces.Length; piece++)
            {
                // Sent under a key, so that it may be sent again whatever became of the call.
                Task<SendReceipt> sending = SendAsync(client, pieces[piece], piece);
                int kill = at.IndexOf(piece);
                if (kill >= 0)
                {
                    await KillAsync(kill, client, silos, BeginOne, database, azurite, random);
                }

                SendReceipt receipt = await sending;
                Assert.Equal((SendReceiptStatus.Stored, (long)PieceLines), (receipt.Outcome, receipt.Accepted + receipt.Duplicates));
                if (kill >= 0)
                {
                    await AssertIsTrueAsync(client, receipt, piece + 1);
                }
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

        SiloProcess BeginOne() => azurite is null
            ? Begin(folder, database)
            : SiloProcess.Begin(database.ConnectionString, Partitions, ("Lake__Store", "azure"), ("Lake__ConnectionString", azurite.ConnectionString));
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
            Assert.Equal((SendReceiptStatus.Stored, (long)PieceLines), (receipt.Outcome, receipt.Accepted + receipt.Duplicates));
        }

        await AssertIsGoldenAsync(client);
    }

    // Two at once, then the one that writes gold while it commits, then any one with the membership's database and the store
    // gone for a moment.
    private async Task KillAsync(
        int kill, ClusterClient client, List<SiloProcess> silos, Func<SiloProcess> begin, PostgreSqlServer database, AzuriteServer? azurite, Random random)
    {
        Task committing = Task.CompletedTask;
        List<SiloProcess> victims;
        if (kill % 3 == 1)
        {
            PartitionStatus standing = await Retries.RunAsync(() => client.Grains.GetGrain<IPartitionGrain>(0).GetStatusAsync());
            victims = [silos.Single(silo => standing.Silo.Contains($":{silo.Port}:", StringComparison.Ordinal) || standing.Silo.Contains($":{silo.Port}@", StringComparison.Ordinal))];
            committing = Retries.RunAsync(() => client.Gateway.CommitAsync());
        }
        else
        {
            victims = [.. silos.OrderBy(_ => random.Next()).Take(kill % 3 == 0 ? 2 : 1)];
        }

        await Task.Delay(random.Next(20));
        output.WriteLine($"kill {kill}: {victims.Count} of {silos.Count}");
        await Task.WhenAll(victims.Select(victim => victim.KillAsync()));
        if (kill % 3 == 2)
        {
            azurite?.Down();
            await database.DownAsync();
            await database.UpAsync();
            azurite?.Up();
        }

        foreach (SiloProcess victim in victims)
        {
            silos.Remove(victim);
            silos.Add(begin());
        }

        await committing;
    }

    // What an oracle makes of what was acknowledged.
    private static async Task AssertIsTrueAsync(ClusterClient client, SendReceipt last, int pieces)
    {
        await Retries.RunAsync(() => client.Gateway.WaitAppliedAsync(new LakeOffsets(last.Generation, last.EndOffsets)));
        IReadOnlyList<Message> messages = [.. GoldenEvents.Messages().Take(pieces * PieceLines)];
        Assert.Equal(Oracle.Report1(messages), Ndjson(await Retries.RunAsync(() => client.Gateway.GetReportAsync("report1"))));
        Assert.Equal(Oracle.Report2(messages), Ndjson(await Retries.RunAsync(() => client.Gateway.GetReportAsync("report2"))));
        LedgerResponse ledger = await Retries.RunAsync(() => client.Gateway.GetLedgerAsync());
        Assert.Equal(messages.Count, ledger.ToLedger().Total.Bronze);
    }

    private static SiloProcess Begin(ScratchFolder folder, PostgreSqlServer database, params (string Name, string Value)[] more) =>
        SiloProcess.Begin(folder["lake"], database.ConnectionString, Partitions, more);

    private static Task<SendReceipt> SendAsync(ClusterClient client, byte[] piece, int number) =>
        Retries.RunAsync(() => client.Gateway.SendAsync(new SendRequest { Ndjson = piece, Key = "golden", Number = number }));

    private static async Task AssertIsGoldenAsync(ClusterClient client)
    {
        await Retries.RunAsync(() => client.Gateway.CommitAsync());
        Assert.Equal(GoldenEvents.Report1, Ndjson(await Retries.RunAsync(() => client.Gateway.GetReportAsync("report1"))));
        Assert.Equal(GoldenEvents.Report2, Ndjson(await Retries.RunAsync(() => client.Gateway.GetReportAsync("report2"))));
        LedgerResponse ledger = await Retries.RunAsync(() => client.Gateway.GetLedgerAsync());
        Assert.Equal(new LedgerCounts(12_000, 10_211, 1_789, 0, 6_741), ledger.ToLedger().Total);
    }

    private static string Ndjson(ReportResponse readout)
    {
        var bytes = new ArrayBufferWriter<byte>();
        readout.ToTable().WriteNdjson(bytes);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
