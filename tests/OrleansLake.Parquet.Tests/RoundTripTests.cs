using FsCheck;
using FsCheck.Xunit;

namespace OrleansLake.Parquet.Tests;

/// <summary>Tests what is written reads back, whatever the rows, the options and the threads.</summary>
public class RoundTripTests
{
    [Property(MaxTest = 300)]
    public void Rows_read_back_as_they_were_written(DoNotSize<int> seed)
    {
        var table = new RandomTable(seed.Item);
        using ParquetReader reader = ParquetReader.Open(table.Write(), "memory");
        Assert.Equal(table.Schema.Fields.Count, reader.Schema.Fields.Count);
        for (int column = 0; column < table.Schema.Fields.Count; column++)
        {
            ParquetField written = table.Schema.Fields[column];
            ParquetField read = reader.Schema.Fields[column];
            Assert.Equal((written.Name, written.Type, written.IsRequired), (read.Name, read.Type, read.IsRequired));
            Assert.Equal(written.Type != ParquetType.TimestampMicros || written.IsAdjustedToUtc, read.IsAdjustedToUtc);
            List<string?> expected = table.Expected(column);
            Assert.Equal(expected, ReadColumn(reader, read, preferDirect: false));
            Assert.Equal(expected, ReadColumn(reader, read, preferDirect: true));
        }
    }

    [Property(MaxTest = 100)]
    public async Task Threads_do_not_change_a_byte(DoNotSize<int> seed)
    {
        var table = new RandomTable(seed.Item);
        byte[] one = table.Write();
        Assert.Equal(one, table.Write());
        Assert.Equal(one, table.Write(threads: 2));
        Assert.Equal(one, table.Write(threads: 5));
        Assert.Equal(one, await table.WriteQueued(threads: 1));
        Assert.Equal(one, await table.WriteQueued(threads: 3));
    }

    [Property(MaxTest = 300)]
    public void Bounds_and_null_counts_hold_for_every_chunk(DoNotSize<int> seed)
    {
        var table = new RandomTable(seed.Item);
        using ParquetReader reader = ParquetReader.Open(table.Write(), "memory");
        for (int column = 0; column < table.Schema.Fields.Count; column++)
        {
            List<string?> rows = ReadColumn(reader, reader.Schema.Fields[column], preferDirect: true);
            int at = 0;
            for (int group = 0; group < reader.RowGroupCount; group++)
            {
                ColumnChunkMetadata chunk = reader.Metadata.RowGroups[group].Columns[column];
                int count = reader.RowCountOf(group);
                StatisticsOracle.Check(chunk, rows.GetRange(at, count));
                at += count;
            }
        }
    }

    [Fact]
    public void Codes_of_the_caller_do_not_show_in_the_bytes()
    {
        BytesData ab = BytesData.OfDictionary("ab"u8.ToArray(), new[] { 0, 1, 2 }, new[] { 0, 1, 0, 1, 1, 0, 0, 0, 0, 0 });
        BytesData ba = BytesData.OfDictionary("xba"u8.ToArray(), new[] { 0, 1, 2, 3 }, new[] { 2, 1, 2, 1, 1, 2, 2, 2, 2, 2 });
        var direct = new BytesData("ababbaaaaa"u8.ToArray(), Enumerable.Range(0, 11).ToArray());
        byte[] first = WriteText(ab);
        Assert.Equal(first, WriteText(ba));
        Assert.Equal(first, WriteText(direct));
    }

    [Fact]
    public void Distinct_text_is_stored_without_a_dictionary_and_uncompressed()
    {
        var random = new Random(1);
        byte[] bytes = new byte[36 * 5000];
        random.NextBytes(bytes);
        using ParquetReader reader = ParquetReader.Open(
            WriteText(new BytesData(bytes, Enumerable.Range(0, 5001).Select(i => 36 * i).ToArray())), "memory");
        ColumnChunkMetadata chunk = reader.Metadata.RowGroups[0].Columns[0];
        Assert.Equal(Codec.None, chunk.Codec);
        Assert.Null(chunk.DictionaryPageOffset);
        Assert.True(chunk.CompressedBytes < bytes.Length * 1.01);
    }

    [Fact]
    public void Key_values_sort_order_and_creator_are_kept()
    {
        using var stream = new MemoryStream();
        var schema = new ParquetSchema(new ParquetField("a", ParquetType.Int64), new ParquetField("b", ParquetType.String));
        using (var writer = new ParquetWriter(stream, schema, new ParquetWriterOptions
        {
            KeyValueMetadata = new Dictionary<string, string> { ["z"] = "1", ["é"] = "ü", ["a"] = "" },
            SortOrder = [new SortingColumn("b", IsDescending: true, NullsFirst: true)],
        }))
        {
            writer.WriteRowGroup(new Int64Data(new long[] { 1 }), new BytesData("x"u8.ToArray(), new[] { 0, 1 }));
            writer.Finish();
            Assert.Equal(stream.Length, writer.Position);
        }

        using ParquetReader reader = ParquetReader.Open(stream.ToArray(), "memory");
        Assert.Equal(3, reader.Metadata.KeyValueMetadata.Count);
        Assert.Equal("ü", reader.Metadata.KeyValueMetadata["é"]);
        Assert.Equal(new SortingColumn("b", true, true), Assert.Single(reader.Metadata.RowGroups[0].SortOrder));
        Assert.StartsWith("OrleansLake version ", reader.Metadata.CreatedBy, StringComparison.Ordinal);
    }

    [Fact]
    public void File_without_rows_is_a_file()
    {
        using var stream = new MemoryStream();
        using (var writer = new ParquetWriter(stream, new ParquetSchema(new ParquetField("a", ParquetType.Date))))
        {
            writer.WriteRowGroup(new Int32Data(ReadOnlyMemory<int>.Empty));
            writer.Finish();
        }

        using ParquetReader reader = ParquetReader.Open(stream, "memory");
        Assert.Equal(0, reader.RowCount);
        Assert.Equal(0, reader.RowGroupCount);
        Assert.Equal(ParquetType.Date, Assert.Single(reader.Schema.Fields).Type);
    }

    [Fact]
    public void Int64_reads_as_int32_only_if_it_fits()
    {
        using var stream = new MemoryStream();
        using (var writer = new ParquetWriter(stream, new ParquetSchema(new ParquetField("a", ParquetType.Int64), new ParquetField("b", ParquetType.Int64))))
        {
            writer.WriteRowGroup(new Int64Data(new long[] { int.MinValue, int.MaxValue }), new Int64Data(new long[] { 0, 1L << 31 }));
            writer.Finish();
        }

        using ParquetReader reader = ParquetReader.Open(stream, "memory");
        var numbers = new Int32Buffer();
        reader.Read(0, "a", numbers);
        Assert.Equal([int.MinValue, int.MaxValue], numbers.Values);
        ParquetException refusal = Assert.Throws<ParquetException>(() => reader.Read(0, "b", numbers));
        Assert.Equal(ParquetErrorKind.TypeMismatch, refusal.Kind);
        Assert.Equal("b", refusal.Column);
    }

    [Fact]
    public void Wrong_columns_are_refused_before_anything_is_written()
    {
        using var stream = new MemoryStream();
        using var writer = new ParquetWriter(stream, new ParquetSchema(new ParquetField("a", ParquetType.Int64, true), new ParquetField("b", ParquetType.Date)));
        long before = writer.Position;
        Assert.Throws<ArgumentException>(() => writer.WriteRowGroup(new Int64Data(new long[1])));
        Assert.Throws<ArgumentException>(() => writer.WriteRowGroup(new Int64Data(new long[1]), new Int64Data(new long[1])));
        Assert.Throws<ArgumentException>(() => writer.WriteRowGroup(new Int64Data(new long[1]), new Int32Data(new int[2])));
        Assert.Throws<ArgumentException>(() => writer.WriteRowGroup(new Int64Data(new long[1], new ulong[1]), new Int32Data(new int[1])));
        Assert.Equal(before, writer.Position);
    }

    internal static List<string?> ReadColumn(
        ParquetReader reader, ParquetField field, bool preferDirect, List<List<RowRange>>? chosen = null)
    {
        var rows = new List<string?>();
        ColumnBuffer buffer = field.Type switch
        {
            ParquetType.Boolean => new BooleanBuffer(),
            ParquetType.Int32 or ParquetType.Date => new Int32Buffer(),
            ParquetType.Int64 or ParquetType.TimestampMicros => new Int64Buffer(),
            ParquetType.Float => new FloatBuffer(),
            ParquetType.Double => new DoubleBuffer(),
            _ => new BytesBuffer { PreferDirect = preferDirect },
        };
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            switch (buffer)
            {
                case BooleanBuffer into: reader.Read(group, field.Name, into, chosen?[group]); break;
                case Int32Buffer into: reader.Read(group, field.Name, into, chosen?[group]); break;
                case Int64Buffer into: reader.Read(group, field.Name, into, chosen?[group]); break;
                case FloatBuffer into: reader.Read(group, field.Name, into, chosen?[group]); break;
                case DoubleBuffer into: reader.Read(group, field.Name, into, chosen?[group]); break;
                case BytesBuffer into: reader.Read(group, field.Name, into, chosen?[group]); break;
            }

            ColumnData data = buffer.AsData();
            Assert.Equal(chosen?[group].Sum(range => range.Count) ?? reader.RowCountOf(group), data.Count);
            Assert.Equal(buffer.NullCount, data.NullCount);
            for (int row = 0; row < data.Count; row++)
            {
                rows.Add(RandomTable.TextOf(data, row));
            }
        }

        return rows;
    }

    private static byte[] WriteText(BytesData data)
    {
        using var stream = new MemoryStream();
        using var writer = new ParquetWriter(stream, new ParquetSchema(new ParquetField("a", ParquetType.Binary)));
        writer.WriteRowGroup(data);
        writer.Finish();
        return stream.ToArray();
    }
}
