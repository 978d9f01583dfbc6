using System.Buffers.Binary;
using OrleansLake.Parquet.Internal.Encodings;
using OrleansLake.TestSupport;

namespace OrleansLake.Parquet.Tests;

/// <summary>Tests what a file declares of its columns, and values as they are stored.</summary>
public class DeclaredColumnsTests
{
    [ForeignFact]
    public void Every_column_at_the_top_is_named_with_its_type()
    {
        using var folder = new ScratchFolder();
        string file = folder.Write("types.parquet", "");
        (string Sql, string Type)[] columns =
        [
            ("1::tinyint", "INT8"), ("1::uinteger", "UINT32"), ("1::ubigint", "UINT64"), ("1::integer", "INT32"), ("1::decimal(18,2)", "DECIMAL(18,2)"),
            ("1::decimal(38,0)", "DECIMAL(38,0)"), ("true", "BOOLEAN"), ("date '2024-12-16'", "DATE"), ("time '10:00:00'", "TIME(MICROS)"),
            ("timestamp '2024-12-16'", "TIMESTAMP(MICROS, local)"), ("timestamptz '2024-12-16'", "TIMESTAMP(MICROS, UTC)"), ("timestamp_ns '2024-12-16'", "TIMESTAMP(NANOS, local)"),
            ("'x'::varchar", "STRING"), ("'x'::blob", "BYTE_ARRAY"), ("uuid()", "UUID"), ("interval 1 day", "INTERVAL"), ("1::double", "DOUBLE"),
            ("[1]", "LIST"), ("{'a': 1}", "STRUCT"), ("map {'a': 1}", "MAP"), ("'7'::json", "JSON"),
        ];
        DuckDb.Query($"copy (select {string.Join(", ", columns.Select((column, i) => $"{column.Sql} as c{i}"))}) to {DuckDb.Text(file)}");
        using ParquetReader reader = ParquetReader.Open(file);
        Assert.Equal(columns.Select((column, i) => $"c{i} {column.Type}"), reader.Columns.Select(column => $"{column.Name} {column.TypeText}"));
    }

    [Fact]
    public void Stored_values_are_not_judged()
    {
        using var bytes = new MemoryStream();
        using (var writer = new ParquetWriter(bytes, new ParquetSchema(new ParquetField("t", ParquetType.String), new ParquetField("n", ParquetType.Date))))
        {
            writer.WriteRowGroup(new BytesData(new byte[] { 0xFF }, new[] { 0, 1 }), new Int32Data(new[] { -7 }));
            writer.Finish();
        }

        using ParquetReader reader = ParquetReader.Open(bytes.ToArray(), "x.parquet");
        Assert.Throws<ParquetException>(() => reader.Read(0, "t", new BytesBuffer()));
        var text = new BytesBuffer();
        reader.ReadStored(0, reader.Columns[0], text);
        Assert.Equal(new byte[] { 0xFF }, text[0].ToArray());
        var number = new Int32Buffer();
        reader.ReadStored(0, reader.Columns[1], number);
        Assert.Equal(-7, number.Values[0]);
        Assert.Throws<ArgumentException>(() => reader.ReadStored(0, reader.Columns[1], new Int64Buffer()));
        Assert.Throws<ArgumentException>(() => reader.ReadStored(0, reader.Columns[1] with { Name = "other" }, new Int32Buffer()));
    }

    [Fact]
    public void An_INT96_beyond_the_range_of_microseconds_fails_or_is_the_first_or_last_of_them()
    {
        byte[] stored = new byte[24];
        BinaryPrimitives.WriteInt32LittleEndian(stored.AsSpan(8), int.MaxValue);
        BinaryPrimitives.WriteInt32LittleEndian(stored.AsSpan(20), int.MinValue);
        long[] into = new long[2];
        Assert.Throws<ParquetException>(() => PlainDecoder.DecodeInt96(stored, into, clamps: false));
        PlainDecoder.DecodeInt96(stored, into, clamps: true);
        Assert.Equal([long.MaxValue, long.MinValue], into);
    }

    [Fact]
    public void Columns_in_groups_are_read_as_they_are_stored_with_how_far_there_is_a_value()
    {
        // {a, s: {t, d}} as p and {q} as r of the numbers i: a is null where 3 divides i, s where 5 does, t where i is odd, r where 4 divides it.
        using ParquetReader reader = ParquetReader.Open(Path.Combine(Fixtures.Root, "tests", "OrleansLake.Parquet.Tests", "Fuzzing", "Corpus", "nested-structs.parquet"));
        ParquetColumn p = reader.Columns[0];
        Assert.Equal(["a", "s"], p.Fields.Select(static field => field.Name));
        Assert.Equal((LogicalType.Struct, 1, 2), (p.Fields[1].Logical, p.DefinitionLevel, p.Fields[1].DefinitionLevel));
        ParquetColumn t = p.Fields[1].Fields[0];
        var texts = new BytesBuffer();
        reader.ReadStored(0, t, texts);
        var truths = new BooleanBuffer();
        reader.ReadStored(0, reader.Columns[1].Fields[0], truths);
        for (int i = 0; i < 60; i++)
        {
            Assert.Equal(i % 5 == 0 ? 1 : i % 2 == 1 ? 2 : 3, texts.DefinitionLevels[i]);
            Assert.Equal(i % 5 == 0 || i % 2 == 1 ? "" : $"x{i}", System.Text.Encoding.UTF8.GetString(texts[i]));
            Assert.Equal((i % 4 == 0, i % 4 == 0 ? 0 : 2), (truths.IsNull(i), truths.DefinitionLevels[i]));
        }

        Assert.Throws<ArgumentException>(() => reader.ReadStored(0, p, texts));
        Assert.Throws<ParquetException>(() => reader.Read(0, "p", texts));
    }
}
