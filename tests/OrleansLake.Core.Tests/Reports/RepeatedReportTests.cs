using System.Buffers;
using System.Text;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Core.Tests.State;
using OrleansLake.TestSupport;

namespace OrleansLake.Core.Tests.Reports;

/// <summary>
/// A report that was made before is made faster the next time, from what is known of its rows. It is the same all the same,
/// whatever went and came in between, and whatever else makes it meanwhile.
/// </summary>
public class RepeatedReportTests
{
    // So many rows of a shard that those in which nothing is counted any more are given up at some time.
    private const int Users = 60_000;

    [Fact]
    public void Rows_that_went_and_came_are_in_every_report_as_if_it_were_the_first()
    {
        var state = new LakeState(LakeReports.All);
        var random = new Random(1);
        var copies = new List<(ReportCopy Copy, string Expected)>();
        long offset = 0;
        for (int wave = 0; wave < 6; wave++)
        {
            // The same keys again, each time earlier and by another user: what the wave before counted is taken back.
            Message[] messages = [.. Enumerable.Range(0, Users).Select(key => new Message(
                -wave * 1_000_000L, "SENT", $"id {key}", key % 3 == 0 ? "SMS" : "CHAT", null, (wave * Users) + (key / (1 + (wave % 3))), Streams.DayOf(-wave * 1_000_000L)))];
            foreach (Message[] part in messages.Chunk(random.Next(5_000, Users)))
            {
                Streams.Apply(state, part, offset);
                offset += part.Length;
                foreach (ReportDefinition report in LakeReports.All)
                {
                    string expected = FirstTime(state, report);
                    Assert.Equal(expected, Text(state.Report(report)));
                    Assert.Equal(expected, Text(ReportPart.Sum(report, [state.Part(report)])));
                    copies.Add((state.Copy(report), expected));
                }
            }

            foreach ((ReportCopy copy, string expected) in copies.OrderBy(_ => random.Next()))
            {
                Assert.Equal(expected, Text(copy.Table()));
            }

            copies.RemoveRange(0, copies.Count / 2);
        }
    }

    [Fact]
    public void Many_make_a_report_at_once()
    {
        var state = new LakeState(LakeReports.All);
        Streams.Apply(state, [.. Enumerable.Range(0, Users).Select(key => new Message(key, "SENT", $"id {key}", "SMS", null, key, 0))], 0);
        ReportCopy copy = state.Copy(LakeReports.Report2);
        string expected = FirstTime(state, LakeReports.Report2);

        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ => Assert.Equal(expected, Text(copy.Table())));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(5_000)]
    public void Sorting_byte_by_byte_is_sorting(int length)
    {
        var random = new Random(length);
        foreach (ulong mask in (ulong[])[ulong.MaxValue, 0xFF, 0xFF00, 0x00FF_0000_0000_00F0, 0])
        {
            ulong[] keys = [.. Enumerable.Range(0, length).Select(_ => ((ulong)random.NextInt64() << 1) & mask)];
            int[] items = [.. Enumerable.Range(0, length)];
            (ulong[] sorted, int[] sortedItems) = ([.. keys], [.. items]);

            RadixSort.Sort(sorted, sortedItems);

            Assert.Equal(keys.Order(), sorted);
            Assert.Equal(sorted, sortedItems.Select(item => keys[item]));
            Assert.Equal(items, sortedItems.Order());
        }
    }

    // As a state has it that never made a report.
    private static string FirstTime(LakeState state, ReportDefinition report)
    {
        var other = new LakeState(LakeReports.All);
        other.Import(Streams.ExportAll(state));
        return Text(other.Report(report));
    }

    private static string Text(ReportTable table)
    {
        var text = new ArrayBufferWriter<byte>();
        table.WriteNdjson(text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
