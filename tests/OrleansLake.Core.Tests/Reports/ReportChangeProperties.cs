using System.Buffers;
using System.Text;
using FsCheck.Xunit;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Core.Tests.State;
using OrleansLake.Testing;

namespace OrleansLake.Core.Tests.Reports;

[Properties(Arbitrary = [typeof(Streams)])]
public class ReportChangeProperties
{
    [Property(MaxTest = 300)]
    public void Changes_make_the_next_report_exactly_wherever_the_stream_is_cut(Message[] messages, int seed)
    {
        var state = new LakeState(LakeReports.All);
        var random = new Random(seed);
        var folds = new Dictionary<ReportDefinition, ReportFold>();
        int watchedFrom = random.Next(messages.Length + 1);
        foreach ((int start, Message[] part) in Streams.Cut(messages, seed))
        {
            if (folds.Count == 0 && start >= watchedFrom)
            {
                state.StartTracking();
                foreach (ReportDefinition report in LakeReports.All)
                {
                    folds.Add(report, new ReportFold(state.Report(report)));
                }
            }

            Streams.Apply(state, part, start);
            if (folds.Count > 0 && random.Next(3) > 0)
            {
                Follow(state, folds);
            }
        }

        if (folds.Count > 0)
        {
            Follow(state, folds);
            Assert.All(state.TakeChanges(), change => Assert.True(change.IsEmpty));
        }
    }

    [Fact]
    public void A_column_that_takes_the_name_of_another_is_told()
    {
        var state = new LakeState(LakeReports.All);
        Streams.Apply(state, [Sent("a", "total")], 0);
        state.StartTracking();
        Streams.Apply(state, [Sent("b", "total_")], 1);
        ReportChange change = state.TakeChanges()[0];
        Assert.True(change.ColumnsChanged);
        Assert.True(change.ColumnsRenamed);
        Streams.Apply(state, [Sent("c", "more")], 2);
        Assert.False(state.TakeChanges()[0].ColumnsRenamed);
    }

    [Fact]
    public void Nothing_is_collected_before_it_is_asked_for_and_after()
    {
        var state = new LakeState(LakeReports.All);
        Assert.Throws<InvalidOperationException>(state.TakeChanges);
        state.StartTracking();
        state.StopTracking();
        Assert.Throws<InvalidOperationException>(state.TakeChanges);
    }

    private static Message Sent(string id, string eventType) => new(0, eventType, id, "CHAT", 1, 1, 0);

    private static void Follow(LakeState state, Dictionary<ReportDefinition, ReportFold> folds)
    {
        foreach ((ReportDefinition report, ReportChange change) in LakeReports.All.Zip(state.TakeChanges()))
        {
            if (change.ColumnsRenamed)
            {
                folds[report].Reset(state.Report(report));
            }
            else
            {
                folds[report].Apply(change.Rows, change.Removed);
            }

            Assert.Equal(Text(state.Report(report)), Text(folds[report].ToTable()));
        }
    }

    private static string Text(ReportTable table)
    {
        var text = new ArrayBufferWriter<byte>();
        table.WriteCsv(text);
        table.WriteNdjson(text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
