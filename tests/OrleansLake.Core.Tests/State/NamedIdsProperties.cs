using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck.Xunit;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.TestSupport;

namespace OrleansLake.Core.Tests.State;

/// <summary>States of lakes whose ids are texts or numbers of 64 bits: they count what those with numbers of 32 bits do.</summary>
[Properties(Arbitrary = [typeof(Streams)])]
public partial class NamedIdsProperties
{
    // Of any number of 32 bits beyond those bits, in the same order.
    private const long Factor = 3_000_000_000;

    private static readonly IdTypes Texts = new(IdType.Text, IdType.Text);
    private static readonly IdTypes Numbers = new(IdType.Number64, IdType.Number32);

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

    private static readonly ReportCatalog Reports = LakeReports.All.With(ByCountry);

    [Property]
    public void Texts_are_counted_as_the_oracle_counts_them(Message[] messages, int seed)
    {
        LakeState state = Applied(Texts, messages, seed);
        Assert.Equal(Report2(messages), Streams.Ndjson(state, LakeReports.Report2));
        Assert.Equal(
            Oracle.Pivot(Oracle.FirstOccurrences(messages), ["country_id"], message => [TextOf(message.CountryId)], message => message.EventType, "0", "total", totalIsLast: true, byTotal: true),
            Streams.Ndjson(state, ByCountry));
    }

    [Property]
    public void Numbers_of_64_bits_are_counted_and_put_in_order_as_those_of_32(Message[] messages, int seed)
    {
        LakeState state = Applied(Numbers, messages, seed);
        string narrow = WideUser().Replace(
            Streams.Ndjson(state, LakeReports.Report2),
            static match => string.Create(CultureInfo.InvariantCulture, $"\"user_id\":{long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) / Factor}"));
        Assert.Equal(Oracle.Report2(messages), narrow);
    }

    [Property]
    public void A_state_comes_back_from_its_exports(Message[] messages, int seed)
    {
        foreach (IdTypes ids in (ReadOnlySpan<IdTypes>)[Texts, Numbers])
        {
            var state = new LakeState(Reports.Of(ids));
            var again = new LakeState(Reports.Of(ids));
            foreach ((int start, Message[] part) in Streams.Cut(messages, seed))
            {
                Apply(state, ids, part, start);
                again.Import(Streams.ExportChanges(state));
                state.MarkExported();
            }

            var whole = new LakeState(Reports.Of(ids));
            whole.Import(Streams.ExportAll(state));
            foreach (LakeState read in (ReadOnlySpan<LakeState>)[again, whole])
            {
                Assert.Equal(state.Digest(), read.Digest());
                Assert.All(Reports, report => Assert.Equal(Streams.Ndjson(state, report), Streams.Ndjson(read, report)));
            }
        }
    }

    [Property]
    public void Parts_of_partitions_add_up_by_what_ids_are_whatever_their_codes(Message[] messages)
    {
        foreach (IdTypes ids in (ReadOnlySpan<IdTypes>)[Texts, Numbers])
        {
            LakeState whole = Applied(ids, messages, 1);
            LakeState[] halves = [.. Enumerable.Range(0, 2).Select(half => Applied(ids, [.. messages.Where(message => (message.MessageId?.Length ?? 0) % 2 == half)], 1))];
            foreach (ReportDefinition report in Reports)
            {
                var bytes = halves.Select(half => Written(half.Part(report))).ToArray();

                // Who adds them up knows nothing of the lake's ids.
                ReportTable sum = ReportPart.Sum(report, [.. bytes.Select(part => ReportPart.Read(report, part))]);
                ReportTable rows = ReportPart.Sum(report, [ReportPart.OfRows(report.Of(ids), halves.SelectMany(half => half.Part(report).ToRows()))]);
                Assert.Equal(Ndjson(whole.Report(report)), Ndjson(sum));
                Assert.Equal(Ndjson(whole.Report(report)), Ndjson(rows));
            }
        }
    }

    [Property]
    public void A_watcher_that_applies_changes_has_the_report(Message[] messages, int seed)
    {
        foreach (IdTypes ids in (ReadOnlySpan<IdTypes>)[Texts, Numbers])
        {
            var state = new LakeState(Reports.Of(ids));
            using StateChanges changes = state.TrackChanges();
            ReportFold[] folds = [.. Reports.Select(report => new ReportFold(state.Report(report)))];
            foreach ((int start, Message[] part) in Streams.Cut(messages, seed))
            {
                Apply(state, ids, part, start);
                IReadOnlyList<ReportChange> told = changes.Take();
                for (int i = 0; i < folds.Length; i++)
                {
                    folds[i].Apply(told[i].Rows, told[i].Removed);
                    Assert.Equal(Ndjson(state.Report(Reports[i])), Ndjson(folds[i].ToTable()));
                }
            }
        }
    }

    private static string Report2(Message[] messages) => Oracle.Pivot(
        Oracle.FirstOccurrences(messages), ["user_id"], message => [TextOf(message.UserId)], message => message.Channel, "0", "iterations", totalIsLast: false, byTotal: true);

    // An empty one, and such as have more than eight bytes in common.
    private static string? TextOf(int? number) => number switch
    {
        null => null,
        0 => "",
        1 => "user-number-😀",
        2 => "user-number-Ａ",
        _ => $"user-number-{number}",
    };

    private static LakeState Applied(IdTypes ids, Message[] messages, int seed)
    {
        var state = new LakeState(Reports.Of(ids));
        foreach ((int start, Message[] part) in Streams.Cut(messages, seed))
        {
            Apply(state, ids, part, start);
        }

        return state;
    }

    private static void Apply(LakeState state, IdTypes ids, Message[] messages, long firstOffset)
    {
        var batch = new MessageBatch();
        foreach (Message message in messages)
        {
            Copy(Streams.Batch([message]), batch, ids, message);
        }

        var prepared = new PreparedBatch();
        state.Prepare(batch, firstOffset, Streams.Days(messages), prepared);
        state.Apply(prepared);
    }

    private static void Copy(MessageBatch one, MessageBatch to, IdTypes ids, Message message)
    {
        to.Timestamps.AppendRow(one.Timestamps, 0);
        to.Values.AppendRow(one.Values, 0);
        to.EventTypes.AppendRow(one.EventTypes, 0);
        to.MessageIds.AppendRow(one.MessageIds, 0);
        to.Channels.AppendRow(one.Channels, 0);
        Append(to.CountryIds, ids.Country, message.CountryId);
        Append(to.UserIds, ids.User, message.UserId);
    }

    private static void Append(IdColumn column, IdType type, int? number)
    {
        if (number is not { } known)
        {
            column.AppendNull();
        }
        else if (type == IdType.Text)
        {
            column.Append(Encoding.UTF8.GetBytes(TextOf(known)!));
        }
        else if (type == IdType.Number64)
        {
            column.AppendInt64(known * Factor);
        }
        else
        {
            column.Append(known);
        }
    }

    private static byte[] Written(ReportPart part)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        part.Write(bytes);
        return bytes.WrittenSpan.ToArray();
    }

    private static string Ndjson(ReportTable table)
    {
        var text = new System.Buffers.ArrayBufferWriter<byte>();
        table.WriteNdjson(text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    [GeneratedRegex("\"user_id\":\"?(-?[0-9]+)\"?")]
    private static partial Regex WideUser();
}
