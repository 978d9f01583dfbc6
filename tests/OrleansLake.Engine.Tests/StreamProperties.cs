using FsCheck.Xunit;
using OrleansLake.Core.Reports;
using OrleansLake.TestSupport;

namespace OrleansLake.Engine.Tests;

[Properties(Arbitrary = [typeof(SentStreams)])]
public class StreamProperties
{
    [Property(MaxTest = 25)]
    public async Task Any_stream_cut_committed_and_reopened_anywhere_is_what_the_oracle_counts(SentMessage[] sent, int seed)
    {
        var random = new Random(seed);
        using var lake = new LakeUnderTest();
        lake.Options = lake.Options with
        {
            TimeZone = new[] { "UTC", "+05:30", "America/New_York" }[random.Next(3)],
            Threads = new[] { 1, 2, 5 }[random.Next(3)],
        };
        Lake open = await lake.OpenAsync();
        try
        {
            int part = 0;
            var taken = new List<SentMessage>();
            foreach (SentMessage[] piece in SentStreams.Cut(sent, random))
            {
                await Take(open, lake.Scratch, piece, part++, random);
                taken.AddRange(piece);
                switch (random.Next(6))
                {
                    case 0:
                        await open.CommitAsync();
                        break;
                    case 1:
                        await open.RunAsync(LakeUnderTest.CaughtUp);
                        AssertLive(open, taken);
                        break;
                    case 2:
                        await open.DisposeAsync();
                        lake.Options = lake.Options with { Threads = new[] { 1, 2, 5 }[random.Next(3)] };
                        open = await lake.OpenAsync();
                        break;
                    default:
                        break;
                }
            }

            await open.RunAsync(LakeUnderTest.CaughtUp);
            AssertLive(open, sent);
            lake.AssertHolds(sent);

            await open.ReplayAsync();
            lake.AssertHolds(sent);
            await open.RunAsync(LakeUnderTest.CaughtUp);
            AssertLive(open, sent);
        }
        finally
        {
            await open.DisposeAsync();
        }
    }

    [Property(MaxTest = 10)]
    public async Task A_replay_with_rows_in_the_log_only_publishes_them_too(SentMessage[] sent, int seed)
    {
        var random = new Random(seed);
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        int part = 0;
        int commitAt = random.Next(8);
        foreach (SentMessage[] piece in SentStreams.Cut(sent, random))
        {
            await Take(open, lake.Scratch, piece, part, random);
            if (part++ == commitAt)
            {
                await open.CommitAsync();
            }
        }

        await open.ReplayAsync();
        lake.AssertHolds(sent);
    }

    private static async Task Take(Lake lake, ScratchFolder scratch, SentMessage[] piece, int part, Random random)
    {
        string text = SentStreams.Ndjson(piece);

        // A first line that is an array is one for its elements, unless somebody says what the file is.
        var options = new IngestOptions { FollowUp = random.Next(3) == 0, Format = text.StartsWith('[') ? IngestFormat.Ndjson : null };
        switch (random.Next(4))
        {
            case 0 when piece.All(one => one.Message is not null):
                await lake.AppendAsync(SentMessage.Batch(piece));
                break;
            case 1:
                AssertAll(piece, await lake.IngestAsync(new IngestFile(scratch.Write($"part{part}.ndjson", text)), options));
                break;
            case 2:
                AssertAll(piece, await lake.IngestAsync(new IngestFile(scratch.Write($"part{part}", Packed.Gzip(text))), options));
                break;
            default:
                AssertAll(piece, await LakeUnderTest.IngestTextAsync(lake, text, options));
                break;
        }
    }

    private static void AssertAll(SentMessage[] piece, IngestSummary summary)
    {
        Assert.Equal(piece.Count(one => one.Message is not null), summary.Accepted);
        Assert.Equal(piece.Count(one => one.Message is null), summary.Rejected);
        Assert.Empty(summary.UnreadableFiles);
    }

    private static void AssertLive(Lake lake, IEnumerable<SentMessage> sent)
    {
        Message[] messages = [.. sent.Where(one => one.Message is not null).Select(one => one.In(lake.TimeZone))];
        Assert.Equal(Oracle.Report1(messages), LakeUnderTest.Ndjson(lake.Report(LakeReports.Report1)));
        Assert.Equal(Oracle.Report2(messages), LakeUnderTest.Ndjson(lake.Report(LakeReports.Report2)));
        Assert.Equal(messages.Length, lake.Status.Published);
    }
}
