using System.Text;
using OrleansLake.Testing;

namespace OrleansLake.Parquet.Tests.Golden;

/// <summary>
/// The bytes that are written. Made anew by <c>ORLEANSLAKE_WRITE_GOLDEN=1 dotnet test tests/OrleansLake.Parquet.Tests</c>,
/// which is right whenever a change of the bytes is meant: files of before stay readable, since any Parquet is.
/// </summary>
public class GoldenBytesTests
{
    private const int Rows = 200;
    private static readonly string Folder = Path.Combine(Fixtures.Root, "tests", "OrleansLake.Parquet.Tests", "Golden");

    private static readonly ParquetSchema Messages = new(
        new ParquetField("timestamp", ParquetType.TimestampMicros),
        new ParquetField("value", ParquetType.String),
        new ParquetField("event_type", ParquetType.String),
        new ParquetField("message_id", ParquetType.String, true),
        new ParquetField("country_id", ParquetType.Int32),
        new ParquetField("bronze_offset", ParquetType.Int64, true));

    private static readonly ParquetSchema Others = new(
        new ParquetField("day", ParquetType.Date),
        new ParquetField("local", ParquetType.TimestampMicros) { IsAdjustedToUtc = false },
        new ParquetField("truth", ParquetType.Boolean),
        new ParquetField("single", ParquetType.Float),
        new ParquetField("real", ParquetType.Double, true),
        new ParquetField("bytes", ParquetType.Binary));

    [Fact]
    public void Messages_in_row_groups_and_pages_have_these_bytes() => Check("messages.hex", WriteMessages());

    [Fact]
    public void Other_types_and_nulls_uncompressed_have_these_bytes() => Check("other-types.hex", WriteOthers());

    [Fact]
    public void File_without_rows_has_these_bytes() =>
        Check("empty.hex", Write(Messages, new ParquetWriterOptions { CreatedBy = "OrleansLake version 0.0.0" }));

    [Theory]
    [InlineData("messages.hex", Rows)]
    [InlineData("other-types.hex", 6)]
    [InlineData("empty.hex", 0)]
    public void Bytes_of_before_are_read(string name, int rows)
    {
        byte[] file = Convert.FromHexString(File.ReadAllText(Path.Combine(Folder, name)).ReplaceLineEndings(""));
        using ParquetReader reader = ParquetReader.Open(file, name);
        Assert.Equal(rows, reader.RowCount);
        foreach (ParquetField field in reader.Schema.Fields)
        {
            Assert.Equal(rows, RoundTripTests.ReadColumn(reader, field, preferDirect: false).Count);
        }
    }

    private static byte[] WriteMessages()
    {
        var options = new ParquetWriterOptions
        {
            RowGroupRowsMax = 150,
            PageRowsMax = 60,
            BloomFilterColumns = ["message_id"],
            SortOrder = [new SortingColumn("bronze_offset")],
            KeyValueMetadata = new Dictionary<string, string> { ["made by"] = "a test" },
            CreatedBy = "OrleansLake version 0.0.0",
        };
        ulong[] validity = [ulong.MaxValue & ~(1UL << 5), ulong.MaxValue, ulong.MaxValue, ulong.MaxValue];
        return Write(
            Messages,
            options,
            new Int64Data(Enumerable.Range(0, Rows).Select(i => 1_734_340_201_000_000 + (i * 1_000_003L % 60_000_000)).ToArray(), validity),
            Text(i => $"{i}"),
            Text(i => (i % 7) switch { 0 => "SENT", 1 or 2 => "OPEN", _ => "RECEIVED" }, validity),
            Text(i => new Guid(i, 0x1234, 0x4567, 1, 2, 3, 4, 5, 6, 7, 8).ToString()),
            new Int32Data(Enumerable.Range(0, Rows).Select(i => 2000 + (i % 16)).ToArray(), validity),
            new Int64Data(Enumerable.Range(0, Rows).Select(i => 1_000_000L + i).ToArray()));
    }

    private static byte[] WriteOthers()
    {
        ulong[] validity = [0b011111];
        return Write(
            Others,
            new ParquetWriterOptions { Codec = Codec.None, CreatedBy = "OrleansLake version 0.0.0" },
            new Int32Data(new[] { -719_162, -1, 0, 1, 2_932_896, 0 }, validity),
            new Int64Data(new[] { -62_135_596_800_000_000, -1, 0, 1, 253_402_300_799_999_999, 0 }, validity),
            new BooleanData(new[] { true, false, true, true, false, false }, validity),
            new FloatData(new[] { -0.0f, 0.0f, float.MinValue, float.MaxValue, 1.5f, 0 }, validity),
            new DoubleData(new[] { double.NaN, 1, 2, double.PositiveInfinity, -1, 0 }),
            new BytesData(new byte[] { 0, 0xFF, 0xFF, 1, 2, 3 }, new[] { 0, 0, 1, 3, 4, 6, 6 }, validity));
    }

    private static BytesData Text(Func<int, string> textOf, ulong[]? validity = null)
    {
        using var bytes = new MemoryStream();
        int[] offsets = new int[Rows + 1];
        for (int i = 0; i < Rows; i++)
        {
            bytes.Write(Encoding.UTF8.GetBytes(textOf(i)));
            offsets[i + 1] = (int)bytes.Length;
        }

        return new BytesData(bytes.ToArray(), offsets, validity);
    }

    private static byte[] Write(ParquetSchema schema, ParquetWriterOptions options, params ColumnData[] columns)
    {
        using var stream = new MemoryStream();
        using var writer = new ParquetWriter(stream, schema, options);
        if (columns.Length != 0)
        {
            writer.WriteRowGroup(columns);
        }

        writer.Finish();
        return stream.ToArray();
    }

    private static void Check(string name, byte[] file)
    {
        string path = Path.Combine(Folder, name);
        string actual = string.Concat(file.Chunk(32).Select(line => Convert.ToHexStringLower(line) + "\n"));
        if (Environment.GetEnvironmentVariable("ORLEANSLAKE_WRITE_GOLDEN") == "1")
        {
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }
}
