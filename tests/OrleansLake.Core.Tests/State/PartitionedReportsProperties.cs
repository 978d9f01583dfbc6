using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.TestSupport;

namespace OrleansLake.Core.Tests.State;

/// <summary>A lake's reports are the sums of its partitions', whatever the names and however many partitions.</summary>
public class PartitionedReportsProperties
{
    [Property(MaxTest = 200)]
    public Property Parts_of_partitions_add_up_to_the_report_of_the_whole() => Prop.ForAll(
        Streams.Messages(), Gen.Choose(1, 7).ToArbitrary(), (messages, partitions) =>
        {
            var whole = new LakeState(LakeReports.All);
            Streams.Apply(whole, messages, 0);
            MessageBatch?[] batches = PartitionedMessages.Split(Streams.Batch(messages), partitions);
            var states = new List<LakeState>();
            for (int partition = 0; partition < partitions; partition++)
            {
                Message[] mine = [.. messages.Where(message => PartitionOf(message, partitions) == partition)];
                var state = new LakeState(LakeReports.All);
                if (batches[partition] is { } batch)
                {
                    var prepared = new PreparedBatch();
                    state.Prepare(batch, 0, Streams.Days(mine), prepared);
                    state.Apply(prepared);
                }

                Assert.Equal(mine.Length, batches[partition]?.Count ?? 0);
                states.Add(state);
            }

            foreach (ReportDefinition report in LakeReports.All)
            {
                ReportPart[] parts = [.. states.Select(state => Copied(state.Part(report)))];
                Assert.Equal(Streams.Ndjson(whole, report), Ndjson(ReportPart.Sum(report, parts)));
            }
        });

    [Property(MaxTest = 200)]
    public Property One_partition_s_messages_are_what_dividing_all_gives_it() => Prop.ForAll(
        Streams.Messages(), Gen.Choose(1, 7).ToArbitrary(), (messages, partitions) =>
        {
            MessageBatch batch = Streams.Batch(messages);
            MessageBatch?[] parts = PartitionedMessages.Split(batch, partitions);
            for (int partition = 0; partition < partitions; partition++)
            {
                Assert.Equal(Rows(parts[partition]), Rows(PartitionedMessages.Of(batch, partitions, partition)));
            }
        });

    [Fact]
    public void A_part_that_was_cut_is_refused()
    {
        var state = new LakeState(LakeReports.All);
        Streams.Apply(state, [new Message(1, "SENT", "123", "CHAT", 2000, 7, 0)], 0);
        byte[] bytes = Bytes(state.Part(LakeReports.Report1));
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => ReportPart.Read(LakeReports.Report1, bytes.AsSpan(0, length)));
        }
    }

    private static string[] Rows(MessageBatch? batch) => batch is null ? [] :
    [
        .. Enumerable.Range(0, batch.Count).Select(row => string.Join(
            '|',
            batch.Timestamps.IsNull(row) ? "" : batch.Timestamps.Values[row], batch.MessageIds.Hash(row), batch.MessageIds.TextLength(row),
            batch.EventTypes.IsNull(row) ? "" : "e" + Encoding.UTF8.GetString(batch.EventTypes[row]), batch.Channels.IsNull(row) ? "" : "c" + Encoding.UTF8.GetString(batch.Channels[row]),
            batch.CountryIds.IsNull(row) ? "" : batch.CountryIds.Values[row], batch.UserIds.IsNull(row) ? "" : batch.UserIds.Values[row])),
    ];

    private static int PartitionOf(Message message, int partitions) => message.MessageId is { } id
        ? PartitionedMessages.PartitionOf(Encoding.UTF8.GetBytes(id), partitions)
        : 0;

    private static ReportPart Copied(ReportPart part) => ReportPart.Read(part.Definition, Bytes(part));

    private static byte[] Bytes(ReportPart part)
    {
        var bytes = new ArrayBufferWriter<byte>();
        part.Write(bytes);
        return bytes.WrittenSpan.ToArray();
    }

    private static string Ndjson(ReportTable table)
    {
        var bytes = new ArrayBufferWriter<byte>();
        table.WithNames(table.ValueNames).WriteNdjson(bytes);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
