using System.Buffers;
using System.Text;
using FsCheck.Xunit;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Core.Tests.State;
using OrleansLake.TestSupport;

namespace OrleansLake.Core.Tests.Reports;

[Properties(Arbitrary = [typeof(Streams)])]
public class ReportChangeProperties
{
    [Property(MaxTest = 300)]
    public void Changes_make_the_next_report_exactly_wherever_the_stream_is_cut(Message[] messages, int seed)
    {
        var state = new LakeState(LakeReports.All);
        var random = new Random(seed);
        var watchers = new List<Watcher>();
        foreach ((int start, Message[] part) in Streams.Cut(messages, seed))
        {
            // Watchers come, look now and then, and go.
            if (random.Next(3) == 0)
            {
                watchers.Add(new Watcher(state));
            }

            Streams.Apply(state, part, start);
            foreach (Watcher watcher in watchers.Where(_ => random.Next(3) > 0))
            {
                watcher.Follow();
            }

            if (watchers.Count > 0 && random.Next(5) == 0)
            {
                watchers[0].Changes.Dispose();
                watchers.RemoveAt(0);
            }
        }

        foreach (Watcher watcher in watchers)
        {
            watcher.Follow();
            Assert.All(watcher.Changes.Take(), change => Assert.True(change.IsEmpty));
        }
    }

    private static string Text(ReportTable table)
    {
        var text = new ArrayBufferWriter<byte>();
        table.WriteCsv(text);
        table.WriteNdjson(text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private sealed class Watcher(LakeState state)
    {
        private readonly ReportFold[] _folds = [.. LakeReports.All.Select(report => new ReportFold(state.Report(report)))];

        public StateChanges Changes { get; } = state.TrackChanges();

        public void Follow()
        {
            foreach ((ReportFold fold, ReportChange change) in _folds.Zip(Changes.Take()))
            {
                ReportTable now = state.Report(change.Rows.Definition);
                fold.Apply(change.Rows, change.Removed);
                Assert.Equal(Text(now), Text(fold.ToTable()));
            }
        }
    }
}
