using System.Security.Cryptography;

namespace OrleansLake.Engine.Tests;

public class ThreadTests
{
    [Fact]
    public async Task Work_ends_while_no_thread_of_the_pool_is_free()
    {
        using var release = new ManualResetEventSlim();

        // More than the pool adds threads for in minutes; as if all were requests that wait for who does the work.
        Task[] blocked = [.. Enumerable.Range(0, 1000).Select(_ => Task.Run(release.Wait))];
        int done = 0;
        var worker = new Thread(() => new ParallelWork(4).For(100, _ => Interlocked.Increment(ref done)));
        worker.Start();
        bool hasEnded = worker.Join(TimeSpan.FromSeconds(30));
        release.Set();
        await Task.WhenAll(blocked);
        Assert.True(hasEnded);
        Assert.Equal(100, done);
    }

    [Fact]
    public async Task The_bytes_of_all_data_files_do_not_depend_on_the_number_of_threads()
    {
        SentMessage[] sent = SentStreams.Many(30_000, 5);
        string ndjson = SentStreams.Ndjson(sent[..20_000]);
        byte[] foreign = ExternalBronzeFile.Bytes([.. sent[20_000..25_000].Chunk(900)]);
        string expected = "";
        foreach (int threads in (int[])[1, 2, 5])
        {
            using var lake = new LakeUnderTest();
            lake.Options = lake.Options with { Threads = threads, Clock = new ManualClock() };
            string file = lake.Scratch.Write("events.ndjson", ndjson + "not json\n");
            await using (Lake open = await lake.OpenAsync())
            {
                await open.IngestAsync(new IngestFile(file), LakeUnderTest.Plain);
                await open.CommitAsync();
                ExternalBronzeFile.Put(lake, "foreign.parquet", foreign);
                await open.RunAsync(LakeUnderTest.CaughtUp);
                await open.AppendAsync(SentMessage.Batch(sent[25_000..]));
                await open.CommitAsync();
            }

            string found = Files(lake);
            await using (Lake open = await lake.OpenAsync())
            {
                await open.ReplayAsync();
            }

            found += Files(lake);
            expected = expected.Length == 0 ? found : expected;
            Assert.Equal(expected, found);
        }
    }

    private static string Files(LakeUnderTest lake) => string.Join(
        '\n',
        ((string[])["bronze/messages/data", "silver", "gold", "quarantine"])
            .SelectMany(folder => Directory.EnumerateFiles(lake[folder], "*", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetRelativePath(lake.Path, file)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}"));
}
