using System.Text;
using FsCheck.Xunit;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Testing;

namespace OrleansLake.Core.Tests.State;

/// <summary>Whoever decides what counts, the state is the same.</summary>
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

    // Anew for every part, as grains that are made anew: what counted before is found in the state.
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
