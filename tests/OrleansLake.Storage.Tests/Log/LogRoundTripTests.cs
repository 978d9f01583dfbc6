using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using OrleansLake.Core.Messages;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Partitions;

namespace OrleansLake.Storage.Tests.Log;

public class LogRoundTripTests
{
    [Fact]
    public void Rows_come_back_with_what_is_kept_beside_them_in_frames_that_say_so()
    {
        using var lake = new TemporaryLake();
        MessageBatch rows = Batches.Numbered(0, 3);
        var kept = new MessageBatch();
        for (int row = 0; row < rows.Count; row++)
        {
            var one = new MessageBatch();
            one.Keep(KeptFields.Attributes | KeptFields.Source).Append(row == 1 ? default : "{\"x\":1}"u8, "file"u8, row + 1);
            one.AppendRow(rows, row);
            kept.AppendRow(one, 0);
        }

        using (PartitionStore store = lake.Open())
        {
            store.Append(new FrameContent { Rows = rows });
            store.Append(new FrameContent { Rows = kept });
            store.Flush();
        }

        using PartitionStore again = lake.Open();
        LogFrame[] read = [.. again.ReadUnapplied()];
        Assert.Null(read[0].Rows!.Kept);
        KeptColumns found = read[1].Rows!.Kept!;
        Assert.Equal((KeptFields.Attributes | KeptFields.Source, true, "{\"x\":1}"), (found.Fields, found.Attributes.IsNull(1), System.Text.Encoding.UTF8.GetString(found.Attributes[2])));
        Assert.Equal([1L, 2L, 3L], found.SourceOffsets.Values.ToArray());
        Assert.Equal(Batches.RowsOf(rows), Batches.RowsOf(read[1].Rows!));
    }

    [Fact]
    public void Ids_that_are_not_numbers_of_32_bits_come_back_in_frames_that_say_so()
    {
        using var lake = new TemporaryLake();
        MessageBatch rows = Batches.Numbered(0, 3);
        var named = new MessageBatch();
        for (int row = 0; row < rows.Count; row++)
        {
            named.Timestamps.AppendRow(rows.Timestamps, row);
            named.Values.AppendRow(rows.Values, row);
            named.EventTypes.AppendRow(rows.EventTypes, row);
            named.MessageIds.AppendRow(rows.MessageIds, row);
            named.Channels.AppendRow(rows.Channels, row);
            named.CountryIds.AppendNull();
            named.UserIds.AppendInt64(row == 1 ? long.MinValue : row);
        }

        var texts = new MessageBatch();
        for (int row = 0; row < rows.Count; row++)
        {
            texts.AppendRow(rows, row);
        }

        texts.CountryIds.Truncate(0);
        texts.UserIds.Truncate(0);
        foreach (string? text in (string?[])["", null, "grüße"])
        {
            texts.CountryIds.Append(7);
            if (text is null)
            {
                texts.UserIds.AppendNull();
            }
            else
            {
                texts.UserIds.Append(System.Text.Encoding.UTF8.GetBytes(text));
            }
        }

        using (PartitionStore store = lake.Open())
        {
            store.Append(new FrameContent { Rows = named });
            store.Append(new FrameContent { Rows = texts });
            store.Append(new FrameContent { Rows = rows });
            store.Flush();
        }

        using PartitionStore again = lake.Open();
        MessageBatch[] read = [.. again.ReadUnapplied().Select(static frame => frame.Rows!)];
        Assert.Equal([0, long.MinValue, 2], Enumerable.Range(0, 3).Select(row => read[0].UserIds[row]!.Value.Number!.Value));
        Assert.Equal(3, read[0].CountryIds.NullCount);
        Assert.Equal([new IdValue(""), null, new IdValue("grüße")], Enumerable.Range(0, 3).Select(row => read[1].UserIds[row]));
        Assert.Equal(7, read[1].CountryIds.Values[2]);
        Assert.False(read[2].HasNamedIds);
        Assert.Equal(Batches.RowsOf(rows), Batches.RowsOf(read[2]));
    }

    [Property(MaxTest = 60)]
    public Property Frames_come_back_as_they_were_appended() => Prop.ForAll(
        Batches.Rows.ArrayOf().ToArbitrary(),
        frames =>
        {
            using var lake = new TemporaryLake();
            var options = new PartitionStoreOptions { SegmentBytes = 16 << 10 };
            using (PartitionStore store = lake.Open(options))
            {
                long offset = 0;
                for (int i = 0; i < frames.Length; i++)
                {
                    AppendedFrame appended = store.Append(Content(frames[i], i));
                    Assert.Equal(new LogPosition(i, offset), appended.Start);
                    offset += frames[i].Length;
                    Assert.Equal(new LogPosition(i + 1, offset), appended.End);
                }

                Assert.Equal(store.End, store.Flush());
            }

            using PartitionStore again = lake.Open(options);
            LogFrame[] read = [.. again.ReadUnapplied()];
            Assert.Equal(frames.Length, read.Length);
            for (int i = 0; i < frames.Length; i++)
            {
                FrameContent content = Content(frames[i], i);
                Assert.Equal(frames[i], read[i].Rows is { } rows ? Batches.RowsOf(rows) : []);
                Assert.Equal(content.SourceProgress.GetType(), read[i].SourceProgress.GetType());
                Assert.Equivalent(content.SourceProgress, read[i].SourceProgress, strict: true);
                Assert.Equal(content.RejectedSource, read[i].RejectedSource);
                Assert.Equal(content.Rejections.Count, read[i].Rejections.Count);
                Assert.Equivalent(content.Rejections, read[i].Rejections);
            }
        });

    [Fact]
    public void Many_names_take_wide_codes()
    {
        MessageBatch batch = Batches.Of([.. Enumerable.Range(0, 1000).Select(i =>
            new Batches.Row(i, null, i % 5 == 0 ? null : $"event {i}", $"id {i}", "CHAT", null, null))]);
        using var lake = new TemporaryLake();
        using (PartitionStore store = lake.Open())
        {
            store.Append(new FrameContent { Rows = batch });
            store.Flush();
        }

        using PartitionStore again = lake.Open();
        Assert.Equal(Batches.RowsOf(batch), Batches.RowsOf(Assert.Single(again.ReadUnapplied()).Rows!));
    }

    [Fact]
    public void Frame_larger_than_a_segment_gets_one_of_its_own()
    {
        using var lake = new TemporaryLake();
        var options = new PartitionStoreOptions { SegmentBytes = 4096 };
        using (PartitionStore store = lake.Open(options))
        {
            for (int i = 0; i < 5; i++)
            {
                store.Append(new FrameContent { Rows = Batches.Numbered(i * 500, i % 2 == 0 ? 500 : 1) });
            }

            store.Flush();
        }

        using PartitionStore again = lake.Open(options);
        Assert.Equal(5, again.ReadUnapplied().Count());
        Assert.Equal(new LogPosition(5, 1502), again.End);
    }

    [Fact]
    public void Foreign_file_takes_offsets_without_rows()
    {
        using var lake = new TemporaryLake();
        using PartitionStore store = lake.Open();
        store.Append(new FrameContent { SourceProgress = new SourceProgress.ExternalBronzeFile("bronze/messages/data/x.parquet", 10, 1, 7_000_000_000, 5) });
        AppendedFrame next = store.Append(new FrameContent { Rows = Batches.Numbered(0, 1) });
        Assert.Equal(7_000_000_000, next.Start.Offset);
        Assert.Throws<ArgumentException>(() => store.Append(new FrameContent
        {
            Rows = Batches.Numbered(0, 1),
            SourceProgress = new SourceProgress.ExternalBronzeFile("y", 10, 1, 1, 5),
        }));
    }

    [Fact]
    public async Task Many_writers_share_the_log()
    {
        using var lake = new TemporaryLake();
        var options = new PartitionStoreOptions { SegmentBytes = 32 << 10 };
        using (PartitionStore store = lake.Open(options))
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(() =>
            {
                for (int i = 0; i < 50; i++)
                {
                    AppendedFrame frame = store.Append(new FrameContent { Rows = Batches.Numbered(writer * 1000 + i, 3) });
                    Assert.True(store.Flush() >= frame.End);
                }
            })));
        }

        using PartitionStore again = lake.Open(options);
        int[] users = [.. again.ReadUnapplied().Select(frame => frame.Rows!.UserIds.Values[0]).Order()];
        Assert.Equal(Enumerable.Range(0, 8).SelectMany(writer => Enumerable.Range(writer * 1000, 50)), users);
    }

    private static FrameContent Content(Batches.Row[] rows, int i) => new()
    {
        Rows = rows.Length == 0 ? null : Batches.Of(rows),
        SourceProgress = (i % 9) switch
        {
            0 => SourceProgress.Nothing,
            1 => new SourceProgress.Stream("standard input"),
            2 => new SourceProgress.FileProgress("/data/größe.ndjson", 100, 7, 50, 3, i % 2 == 0, i % 2 == 0 ? 9 : null, 1),
            3 => new SourceProgress.ProducerBatch("producer", i),
            4 => new SourceProgress.Replayed([new QuarantineId(7, 1, i % 3), new QuarantineId(9, 0, i % 3)]),
            5 => new SourceProgress.Dismissed([new QuarantineId(7, 1, 3), new QuarantineId(9, 0, 3)], "half a line"),
            6 => new SourceProgress.Dismissed([new QuarantineId(7, 1)], null),
            7 => new SourceProgress.ExternalAccepted("bronze/messages/data/größe.parquet", long.MaxValue, uint.MaxValue),
            _ => new SourceProgress.FileProgress("a", long.MaxValue, uint.MaxValue, 0, 0, true, 0, 2),
        },
        RejectedSource = i % 2 == 0 ? "" : "file.ndjson",
        Rejections = i % 2 == 0 ? [] :
        [
            new Rejection(RejectionReason.NotReadable, "it is not JSON", 12, 345, [0, 255, 10]),
            new Rejection(RejectionReason.TooLong, "", -1, -1, []),
        ],
    };
}
