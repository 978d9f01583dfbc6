using System.Buffers;
using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Engine;
using OrleansLake.Storage.Stores;
using OrleansLake.TestSupport;

namespace OrleansLake.Storage.Azure.Tests;

/// <summary>The engine's lake in a container is the lake that it is in a folder, whatever the network does.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class AzureLakeTests(SharedAzurite azurite)
{
    private static readonly byte[] Events = ReadEvents();

    private readonly string _container = $"lake-{Guid.NewGuid():N}";

    [AzuriteFact]
    public async Task Golden_in_a_container_gives_Sparks_reports_and_ledger_and_passes_the_deep_check()
    {
        AzureLakeStore store = azurite.Store(_container);
        await IngestGoldenAsync(store);
        AssertGolden(azurite.Store(_container));
    }

    [AzuriteFact]
    public async Task A_lake_goes_from_a_container_to_a_folder_and_back()
    {
        AzureLakeStore store = azurite.Store(_container);
        await IngestGoldenAsync(store);
        using var scratch = new ScratchFolder();
        foreach (FileEntry file in store.List("", recursive: true))
        {
            scratch.Write("lake/" + file.Path, store.ReadAll(file.Path));
        }

        AssertGolden(new LocalStore(scratch["lake"]));
        await using (Lake lake = await Lake.OpenAsync(new LakeOptions { Path = scratch["lake"] }))
        {
            await lake.AppendAsync(Storage.Tests.Batches.Numbered(0, 10));
            await lake.CommitAsync();
        }

        var local = new LocalStore(scratch["lake"]);
        AzureLakeStore second = azurite.NewStore();
        foreach (FileEntry file in local.List("", recursive: true))
        {
            Assert.True(second.TryPublish(file.Path, local.ReadAll(file.Path), "copy.tmp"));
        }

        await using (Lake lake = await Lake.OpenAsync(Options(second)))
        {
            await lake.AppendAsync(Storage.Tests.Batches.Numbered(10, 10));
            await lake.CommitAsync();
            Assert.Equal(12_020, lake.Status.Ledger.Bronze);
        }

        Assert.True(LakeReader.Open(second).CheckDeep(2).Passed);
    }

    [AzuriteFact]
    public async Task Replay_in_a_container_gives_the_same_lake()
    {
        AzureLakeStore store = azurite.Store(_container);
        await IngestGoldenAsync(store);
        await using (Lake lake = await Lake.OpenAsync(Options(store)))
        {
            await lake.ReplayAsync();
        }

        AssertGolden(azurite.Store(_container));
    }

    [AzuriteFact]
    public async Task A_lake_that_is_open_is_refused_to_others()
    {
        await using Lake lake = await Lake.OpenAsync(Options(azurite.Store(_container)));
        LakeInUseException refused = await Assert.ThrowsAsync<LakeInUseException>(() => Lake.OpenAsync(Options(azurite.Store(_container))));
        Assert.Equal(Environment.ProcessId, refused.ProcessId);
    }

    [AzuriteFact]
    public async Task Lost_answers_lost_requests_and_bursts_of_503_change_no_number()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        var gate = new Lock();
        var coming = new Queue<Trouble>();
        var met = new int[Enum.GetValues<Trouble>().Length];
        await using TroubleProxy proxy = await TroubleProxy.StartAsync(azurite.Port);
        proxy.Decide = request =>
        {
            lock (gate)
            {
                if (coming.Count == 0)
                {
                    // Where things go wrong is left to chance, that they do is not: how many requests
                    // a lake makes is its own affair, and every thirty of them meet every trouble.
                    Trouble[] next = [Trouble.LostAnswer, Trouble.LostAnswer, Trouble.LostRequest, Trouble.Busy, .. Enumerable.Repeat(Trouble.None, 23)];
                    random.Shuffle(next);
                    foreach (Trouble trouble in next)
                    {
                        for (int i = trouble == Trouble.Busy ? 3 : 1; i > 0; i--)
                        {
                            coming.Enqueue(trouble);
                        }
                    }
                }

                met[(int)coming.Peek()]++;
                return coming.Dequeue();
            }
        };
        await IngestGoldenAsync(azurite.Store(_container, proxy.Port));
        Assert.True(met.Min() >= 2, $"seed {seed}: {string.Join(", ", Enum.GetValues<Trouble>().Select(trouble => $"{trouble} {met[(int)trouble]}"))}");
        AssertGolden(azurite.Store(_container));
    }

    [AzuriteFact]
    public async Task A_server_that_is_away_for_a_while_changes_no_number()
    {
        using AzuriteServer server = AzuriteServer.Start();
        var store = new AzureLakeStore(new AzureLakeStoreOptions { ConnectionString = server.ConnectionString, Container = _container });
        bool isDown = false;
        await IngestGoldenAsync(store, piece =>
        {
            if (piece == 2)
            {
                server.Down();
                isDown = true;
                _ = Task.Run(async () =>
                {
                    await Task.Delay(2_000);
                    server.Up();
                });
            }
        });
        Assert.True(isDown);
        AssertGolden(store);
    }

    private static LakeOptions Options(ILakeStore store) => new() { Path = store.Location, Store = store, Create = true, Threads = 2 };

    private static async Task IngestGoldenAsync(ILakeStore store, Action<int>? beforePiece = null)
    {
        await using Lake lake = await Lake.OpenAsync(Options(store));
        int piece = 0;
        for (int start = 0; start < Events.Length; piece++)
        {
            beforePiece?.Invoke(piece);
            int end = Events.AsSpan(Math.Min(Events.Length - 1, start + (Events.Length / 5))).IndexOf((byte)'\n');
            end = end < 0 ? Events.Length : Math.Min(Events.Length - 1, start + (Events.Length / 5)) + end + 1;
            SendOutcome outcome;
            var waited = Stopwatch.StartNew();
            do
            {
                // As a client does that was asked to try again: under one key it is stored once.
                outcome = await lake.SendAsync(Events.AsMemory(start, end - start), new SendOptions { Key = SendKey.Idempotency($"piece {piece}") });
            }
            while (!outcome.IsAcknowledged && outcome.Status == SendStatus.Unavailable && waited.Elapsed < TimeSpan.FromMinutes(2));
            Assert.True(outcome.IsAcknowledged, $"{outcome.Status}: {outcome.Reason}");
            if (piece % 2 == 1)
            {
                await lake.CommitAsync();
            }

            start = end;
        }

        await lake.CommitAsync();
    }

    private static void AssertGolden(ILakeStore store)
    {
        LakeReader reader = LakeReader.Open(store);
        Assert.Equal(File.ReadAllText(Fixtures.Path("golden/utc/report1.ndjson")), Ndjson(reader.Report("report1")));
        Assert.Equal(File.ReadAllText(Fixtures.Path("golden/utc/report2.ndjson")), Ndjson(reader.Report("report2")));
        Assert.Equal(new LedgerCounts(12_000, 10_211, 1_789, 0, 6_741), reader.Ledger.Total);
        CheckResult check = reader.CheckDeep(2);
        Assert.True(check.Passed, string.Join('\n', check.Findings.Where(finding => !finding.IsRight)));
    }

    private static string Ndjson(ReportTable table)
    {
        var text = new ArrayBufferWriter<byte>();
        table.WriteNdjson(text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static byte[] ReadEvents()
    {
        using var file = new GZipStream(File.OpenRead(Fixtures.Path("golden/events.ndjson.gz")), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }
}
