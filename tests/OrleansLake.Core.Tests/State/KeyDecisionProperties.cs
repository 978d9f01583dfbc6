using System.Text;
using FsCheck.Xunit;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.TestSupport;

namespace OrleansLake.Core.Tests.State;

/// <summary>The state is the same, no matter what decides which copy counts.</summary>
[Properties(Arbitrary = [typeof(Streams)])]
public class KeyDecisionProperties
{
    [Property]
    public void Messages_that_decide_for_themselves_give_the_state_that_decides_for_all(Message[] messages, int seed)
    {
        var inPlace = new LakeState(LakeReports.All);
        var decided = new LakeState(LakeReports.All);
        foreach ((int start, Message[] part) in Streams.Cut(messages, seed))
        {
            Streams.Apply(inPlace, part, start);
            var prepared = new PreparedBatch();
            KeyDecision[] decisions = Decide(decided, part, start);
            decided.Prepare(Streams.Batch(part), start, Streams.Days(part), prepared);
            prepared.Decisions = decisions;
            decided.Apply(prepared);
            Assert.Equal(Streams.ExportChanges(inPlace), Streams.ExportChanges(decided));
            inPlace.MarkExported();
            decided.MarkExported();
        }

        Assert.Equal(Streams.ExportAll(inPlace), Streams.ExportAll(decided));
        Streams.AssertIsRight(decided, messages);
    }

    [Property]
    public void What_counts_is_found_for_a_whole_batch_as_for_each_message(Message[] messages, Message[] asked)
    {
        var state = new LakeState(LakeReports.All);
        Streams.Apply(state, messages, 0);
        var offsets = new long[asked.Length];
        state.FindOffsets(Streams.Batch(asked), offsets);
        Assert.Equal(asked.Select(message => message.MessageId is null || Oracle.IsCorrupted(message) ? -1 : new MessageOccurrences(state.Find(Encoding.UTF8.GetBytes(message.MessageId)))
            .OffsetOf(new MessageOccurrence { EventType = message.EventType!, Channel = message.Channel })), offsets.Zip(asked, (offset, message) => message.MessageId is null ? -1 : offset));
    }

    // New for every part, as grains that are activated again: what counted before is found in the state.
    private static KeyDecision[] Decide(LakeState state, Message[] part, long firstOffset)
    {
        var decisions = new KeyDecision[part.Length];
        foreach (IGrouping<string?, int> copies in Enumerable.Range(0, part.Length).Where(row => part[row].MessageId is not null && !Oracle.IsCorrupted(part[row])).GroupBy(row => part[row].MessageId))
        {
            var message = new MessageOccurrences(state.Find(Encoding.UTF8.GetBytes(copies.Key!)));
            foreach (int row in copies)
            {
                decisions[row] = message.Offer(new MessageOccurrence
                {
                    EventType = part[row].EventType!,
                    Channel = part[row].Channel,
                    Timestamp = part[row].Timestamp,
                    Offset = firstOffset + row,
                });
            }
        }

        return decisions;
    }
}
