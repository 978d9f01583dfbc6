using FsCheck.Xunit;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.TestSupport;

namespace OrleansLake.Core.Tests.State;

[Properties(Arbitrary = [typeof(Streams)])]
public class LakeStateProperties
{
    private static readonly ReportDefinition ByCountry = new()
    {
        Name = "countries",
        RowKeys = [MessageField.CountryId],
        ColumnKey = MessageField.EventType,
        AbsentCell = AbsentCell.Zero,
        TotalColumn = "total",
        TotalPlace = TotalPlace.Last,
        Order = ReportOrder.ByTotalDescendingThenKeys,
    };

    private static readonly ReportDefinition DatesAcross = new()
    {
        Name = "dates",
        RowKeys = [MessageField.Channel, MessageField.EventType, MessageField.UserId],
        ColumnKey = MessageField.Date,
        TotalColumn = "all",
        TotalPlace = TotalPlace.AfterKeys,
    };

    [Property]
    public void Any_stream_cut_anywhere_gives_what_the_oracle_counts(Message[] messages, int seed)
    {
        var state = new LakeState(LakeReports.All);
        var prepared = new PreparedBatch();
        foreach ((int start, Message[] part) in Streams.Cut(messages, seed))
        {
            state.Prepare(Streams.Batch(part), start, Streams.Days(part), prepared);
            Assert.Equal(part.Select(message => Oracle.IsCorrupted(message) ? (byte)1 : (byte)0), prepared.IsCorrupted.ToArray());
            state.Apply(prepared);
        }

        Streams.AssertIsRight(state, messages);
    }

    [Property]
    public void A_report_is_a_definition_alone(Message[] messages)
    {
        var state = new LakeState([ByCountry, DatesAcross]);
        Streams.Apply(state, messages, 0);
        IReadOnlyList<Message> first = Oracle.FirstOccurrences(messages);
        Assert.Equal(
            Oracle.Pivot(first, ["country_id"], message => [message.CountryId], message => message.EventType, "0", "total", totalIsLast: true, byTotal: true),
            Streams.Ndjson(state, ByCountry));
        Assert.Equal(
            Oracle.Pivot(first, ["channel", "event_type", "user_id"], message => [message.Channel, message.EventType, message.UserId], Oracle.Date, "null", "all", totalIsLast: false, byTotal: false),
            Streams.Ndjson(state, DatesAcross));
    }

    [Property(MaxTest = 30)]
    public void Shards_applied_at_the_same_time_give_the_same(Message[] messages, int seed)
    {
        var state = new LakeState(LakeReports.All);
        PreparedBatch[] batches =
        [
            .. Streams.Cut(messages, seed).Select(part =>
            {
                var prepared = new PreparedBatch();
                state.Prepare(Streams.Batch(part.Messages), part.Start, Streams.Days(part.Messages), prepared);
                return prepared;
            }),
        ];
        int[] shards = [.. Enumerable.Range(0, LakeState.ShardCount)];
        new Random(seed).Shuffle(shards);
        Parallel.ForEach(shards, shard =>
        {
            foreach (PreparedBatch batch in batches)
            {
                state.ApplyShard(shard, batch);
            }
        });
        Streams.AssertIsRight(state, messages);
    }

    [Property]
    public void A_state_restored_from_a_base_and_changes_goes_on_as_if_nothing_had_happened(Message[] messages, int seed)
    {
        var random = new Random(seed);
        var state = new LakeState(LakeReports.All);
        var restored = new LakeState(LakeReports.All);
        var exports = new List<byte[]>();
        int applied = 0;
        foreach ((int start, Message[] part) in Streams.Cut(messages, seed))
        {
            Streams.Apply(state, part, start);
            if (random.Next(3) == 0)
            {
                exports.Add(exports.Count == 0 ? Streams.ExportAll(state) : Streams.ExportChanges(state));
                state.MarkExported();
                Assert.Equal(0, state.ChangedKeyCount);
                applied = start + part.Length;
            }
        }

        foreach (byte[] export in exports)
        {
            restored.Import(export);
        }

        Assert.Equal(0, restored.ChangedKeyCount);
        Streams.AssertIsRight(restored, messages[..applied]);
        Streams.Apply(restored, messages[applied..], applied);
        Streams.AssertIsRight(restored, messages);
        Assert.Equal(Streams.ExportAll(state).Length, Streams.ExportAll(restored).Length);
    }

    [Property]
    public void What_changed_since_the_mark_is_all_that_an_export_of_changes_holds(Message[] messages, int seed)
    {
        int cut = messages.Length == 0 ? 0 : new Random(seed).Next(messages.Length);
        var state = new LakeState(LakeReports.All);
        Streams.Apply(state, messages[..cut], 0);
        state.MarkExported();
        Streams.Apply(state, messages[cut..], cut);
        int changed = Oracle.FirstOccurrences(messages).Count(first => !Oracle.FirstOccurrences(messages[..cut]).Any(before => ReferenceEquals(before, first)));
        Assert.Equal(changed, state.ChangedKeyCount);
    }

    [Property(MaxTest = 40)]
    public void Damaged_exports_are_refused_or_harmless(Message[] messages, int seed)
    {
        var state = new LakeState(LakeReports.All);
        Streams.Apply(state, messages, 0);
        byte[] export = Streams.ExportAll(state);
        var random = new Random(seed);
        for (int i = 0; i < 50; i++)
        {
            byte[] damaged = [.. export];
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            var into = new LakeState(LakeReports.All);
            if (Record.Exception(() => into.Import(damaged)) is { } refused)
            {
                Assert.IsType<CorruptDataException>(refused);
            }
            else
            {
                Assert.Equal(into.KeyCount, into.Report(LakeReports.Report1).GrandTotal);
                Assert.Equal(into.KeyCount, into.Report(LakeReports.Report2).GrandTotal);
            }
        }

        for (int length = 0; length < export.Length; length += 1 + random.Next(40))
        {
            byte[] torn = export[..length];
            Assert.Throws<CorruptDataException>(() => new LakeState(LakeReports.All).Import(torn));
        }

        Assert.Throws<CorruptDataException>(() => new LakeState(LakeReports.All).Import([.. export, 0]));
    }
}
