using FsCheck.Xunit;
using OrleansLake.Core.State;
using OrleansLake.Grains.Messages;

namespace OrleansLake.Grains.Tests;

/// <summary>
/// A partition's owner and a message's grain, as a model: calls are lost, repeated and come late, owners are replaced before
/// or after what they asked about is stored, grains die. The owner's answers are what it would have decided itself.
/// </summary>
public class DecisionProtocolTests
{
    [Property(MaxTest = 300)]
    public void Grains_decide_as_the_partition_would(int seed)
    {
        var random = new Random(seed);
        var grain = new MessageDecider();
        var late = new List<MessageCopies>();
        var stored = new List<MessageOccurrenceDto>();
        long epoch = 1, frame = 0, offset = 0;
        for (int step = 0; step < 60; step++)
        {
            MessageOccurrenceDto[] copies = [.. Enumerable.Range(0, 1 + random.Next(3)).Select(i => Copy(random, offset + i))];
            MessageVerdict? verdict = null;
            while (verdict is null)
            {
                switch (random.Next(8))
                {
                    case 0:
                        grain = new MessageDecider();
                        break;
                    case 1 when late.Count > 0:
                        // One that was sent long ago arrives; nobody waits for its answer.
                        grain.Decide(late[random.Next(late.Count)]);
                        break;
                    case 2:
                        // The answer is lost: the owner asks the same again.
                        grain.Decide(Ask(isKnown: random.Next(2) == 0));
                        break;
                    case 3:
                        // The owner dies, and with it what was not stored: the next one has other frames under these numbers.
                        grain.Decide(Ask(isKnown: true));
                        epoch++;
                        copies = [.. copies.Select(copy => Copy(random, copy.Offset))];
                        break;
                    default:
                        MessageVerdict told = grain.Decide(Ask(isKnown: false));
                        verdict = told.IsUnknown ? grain.Decide(Ask(isKnown: true)) : told;
                        break;
                }
            }

            Assert.False(verdict.IsStale);
            Assert.False(verdict.IsUnknown);
            var alone = new MessageOccurrences(Known().Select(cell => cell.ToOccurrence()));
            Assert.Equal(copies.Select(copy => alone.Offer(copy.ToOccurrence())), verdict.Decisions);
            stored.AddRange(copies);
            offset += copies.Length;
            frame++;

            MessageCopies Ask(bool isKnown)
            {
                MessageOccurrenceDto[] known = Known();
                var before = new MessageOccurrences(known.Select(cell => cell.ToOccurrence()));
                long stamp = copies.Aggregate(0L, (sum, copy) => sum + MessageCopies.StampOf(before.OffsetOf(copy.ToOccurrence())));
                var asked = new MessageCopies { Epoch = epoch, Frame = frame, Known = isKnown ? known : null, Copies = copies, KnownStamp = stamp };
                late.Add(asked);
                return asked;
            }
        }

        MessageOccurrenceDto[] Known()
        {
            var all = new MessageOccurrences([]);
            foreach (MessageOccurrenceDto copy in stored)
            {
                all.Offer(copy.ToOccurrence());
            }

            return [.. all.First.Select(MessageOccurrenceDto.Of)];
        }
    }

    private static MessageOccurrenceDto Copy(Random random, long offset) => new()
    {
        EventType = random.Next(2) == 0 ? "CREATED" : "SENT",
        Channel = random.Next(3) == 0 ? null : "CHAT",
        Timestamp = random.Next(6) == 0 ? null : random.Next(20),
        Offset = offset,
        UserId = random.Next(3),
    };
}
