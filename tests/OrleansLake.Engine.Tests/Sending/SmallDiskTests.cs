using System.Collections.Concurrent;
using System.Text;
using OrleansLake.Storage.Partitions;
using OrleansLake.TestSupport;

namespace OrleansLake.Engine.Tests.Sending;

/// <summary>A real disk that is full, or becomes read-only, under senders that do not stop.</summary>
public class SmallDiskTests
{
    private static readonly SendOptions Options = new() { WaitMax = TimeSpan.FromMilliseconds(200) };

    [SmallDiskFact]
    public async Task Full_disk_refuses_and_goes_on_when_there_is_room_with_all_that_was_acknowledged()
    {
        using var disk = new SmallDisk(megabytes: 24);
        await RunAsync(disk, "No space left", () => { }, () => disk.Fill(leftBytes: 0), disk.Free);
    }

    [SmallDiskFact]
    public async Task Read_only_disk_refuses_and_goes_on_when_it_is_writable_with_all_that_was_acknowledged()
    {
        using var disk = new SmallDisk(megabytes: 24);
        await RunAsync(disk, "Read-only", disk.MakeReadOnly, () => { }, disk.MakeWritable);
    }

    private static async Task RunAsync(SmallDisk disk, string reason, Action spoil, Action keepSpoilt, Action mend)
    {
        var options = new LakeOptions
        {
            Path = Path.Combine(disk.Folder, "lake"),
            Create = true,
            Trigger = TimeSpan.FromMilliseconds(100),
            Threads = 2,
            Partition = new PartitionStoreOptions { SegmentBytes = 256 << 10 },
        };
        var acknowledged = new ConcurrentBag<(long First, SentMessage[] Sent)>();
        int refused = 0;
        bool saidWhy = false;
        using var stop = new CancellationTokenSource();
        await using (Lake lake = await Lake.OpenAsync(options))
        {
            Task<RunSummary> run = lake.RunAsync(new RunOptions { OutlastsFailures = true }, null, stop.Token);
            using var sending = new CancellationTokenSource();
            Task[] senders = [.. Enumerable.Range(0, 4).Select(sender => Task.Run(async () =>
            {
                for (int i = 0; !sending.IsCancellationRequested; i++)
                {
                    SentMessage[] body = SentStreams.Many(50, (sender * 100_000) + i);
                    SendOutcome outcome = await lake.SendAsync(Encoding.UTF8.GetBytes(SentStreams.Ndjson(body)), Options);
                    if (outcome.IsAcknowledged)
                    {
                        acknowledged.Add((outcome.FirstOffset, body));
                    }
                    else
                    {
                        Assert.False(outcome.IsUnknown, outcome.Reason);
                        saidWhy |= Says(reason, outcome.Reason);
                        Interlocked.Increment(ref refused);
                    }

                    await Task.Delay(1);
                }
            }))];
            await ManualClock.UntilAsync(() => acknowledged.Count > 20 && lake.Status.CommitNumber > 3, "senders to be under way");
            spoil();
            await ManualClock.UntilAsync(
                () =>
                {
                    // Segments that a commit makes needless give room.
                    keepSpoilt();
                    return refused > 20 && saidWhy && Says(reason, lake.Status.Trouble);
                },
                "a refusal");
            mend();
            int before = acknowledged.Count;
            await ManualClock.UntilAsync(() => acknowledged.Count > before + 20 && lake.Status.Trouble is null, "senders to continue");
            await sending.CancelAsync();
            await Task.WhenAll(senders);
            await stop.CancelAsync();
            await run;
        }

        LakeReader reader = LakeReader.Open(options.Path);
        Message[] messages = [.. acknowledged.OrderBy(body => body.First).SelectMany(body => body.Sent).Select(one => one.In(reader.TimeZone))];
        Assert.Equal(Oracle.Report1(messages), LakeUnderTest.Ndjson(reader.Report("report1")));
        Assert.Equal(Oracle.Report2(messages), LakeUnderTest.Ndjson(reader.Report("report2")));
        LakeUnderTest.AssertLedger(reader.Ledger, messages, 0);
        LakeUnderTest.AssertPasses(reader.Check(2));
        Assert.Empty(Directory.GetFiles(options.Path, "*.tmp", SearchOption.AllDirectories));
    }
    // .NET has words of its own for a segment that finds no room.
    private static bool Says(string reason, string? text) => text is not null
        && (text.Contains(reason, StringComparison.OrdinalIgnoreCase)
            || (reason == "No space left" && text.Contains("disk was full", StringComparison.Ordinal)));
}
