using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansLake.TestSupport;

namespace OrleansLake.Parquet.Tests;

/// <summary>Files of other writers read to what Spark, DuckDB and pyarrow read in them, or are refused.</summary>
public class ForeignFilesTests
{
    private static readonly string[] TextColumns = ["value", "event_type", "message_id", "channel"];
    private static readonly string[] NumberColumns = ["country_id", "user_id"];

    public static TheoryData<string, string> Files()
    {
        var files = new TheoryData<string, string>();
        foreach (string line in File.ReadLines(Fixtures.Path("foreign-parquet/index.ndjson")))
        {
            using JsonDocument entry = JsonDocument.Parse(line);
            files.Add(
                entry.RootElement.GetProperty("file").GetString()!,
                entry.RootElement.TryGetProperty("differs", out JsonElement differs) ? differs.GetString()! : "");
        }

        return files;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void File_of_another_writer_reads_as_expected_or_is_refused(string file, string differs)
    {
        string path = Fixtures.Path("foreign-parquet/" + file);
        if (differs.StartsWith("error", StringComparison.Ordinal))
        {
            ParquetException refusal = Assert.Throws<ParquetException>(() => ReadAll(path));
            Assert.Equal(path, refusal.File);
            Assert.Equal(KindOf(file), refusal.Kind);
            return;
        }

        Assert.Equal(Expected(differs), ReadAll(path));
    }

    [Fact]
    public void Encrypted_file_says_so()
    {
        ParquetException refusal = Assert.Throws<ParquetException>(() => ReadAll(Fixtures.Path("foreign-parquet/bad-encrypted.parquet")));
        Assert.Contains("encrypted", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Failed_page_names_column_row_group_and_offset()
    {
        ParquetException refusal = Assert.Throws<ParquetException>(() => ReadAll(Fixtures.Path("foreign-parquet/bad-page-crc.parquet")));
        Assert.NotNull(refusal.Column);
        Assert.Equal(0, refusal.RowGroup);
        Assert.True(refusal.Offset >= 4);
        Assert.Contains("CRC-32", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nested_column_is_passed_over_and_refused_by_name()
    {
        using ParquetReader reader = ParquetReader.Open(Fixtures.Path("foreign-parquet/arrow-reordered.parquet"));
        string nested = reader.Metadata.RowGroups[0].Columns.First(c => c.Field is null).Path;
        string name = nested.Split('.')[0];
        Assert.False(reader.HasColumn(name));
        foreach (string asked in (string[])[nested, name])
        {
            ParquetException refusal = Assert.Throws<ParquetException>(() => reader.Read(0, asked, new BytesBuffer()));
            Assert.Equal(ParquetErrorKind.Unsupported, refusal.Kind);
        }
    }

    [Fact]
    public void Absent_column_is_told_apart()
    {
        using ParquetReader reader = ParquetReader.Open(Fixtures.Path("foreign-parquet/arrow-missing-columns.parquet"));
        Assert.False(reader.HasColumn("value"));
        ParquetException refusal = Assert.Throws<ParquetException>(() => reader.Read(0, "value", new BytesBuffer()));
        Assert.Equal(ParquetErrorKind.MissingColumn, refusal.Kind);
    }

    [Theory]
    [InlineData("arrow-local.parquet", false)]
    [InlineData("arrow-snappy.parquet", true)]
    [InlineData("spark-default.parquet", true)]
    public void Schema_tells_instants_from_local_times(string file, bool isAdjustedToUtc)
    {
        using ParquetReader reader = ParquetReader.Open(Fixtures.Path("foreign-parquet/" + file));
        ParquetField field = reader.Schema.Fields[reader.Schema.IndexOf("timestamp")];
        Assert.Equal(ParquetType.TimestampMicros, field.Type);
        Assert.Equal(isAdjustedToUtc, field.IsAdjustedToUtc);
    }

    [Theory]
    [InlineData("arrow-snappy.parquet")]
    [InlineData("duckdb-default.parquet")]
    [InlineData("spark-micros-v2-zstd.parquet")]
    public void Facts_hold_bounds_and_null_counts(string file)
    {
        using ParquetReader reader = ParquetReader.Open(Fixtures.Path("foreign-parquet/" + file));
        ColumnChunkMetadata timestamp = reader.Metadata.RowGroups[0].Columns.Single(c => c.Path == "timestamp");
        Assert.Equal("0001-01-01T00:00:00.000000Z", timestamp.MinText);
        Assert.Equal("9999-12-31T23:59:59.999999Z", timestamp.MaxText);
        Assert.Equal(0, timestamp.Statistics!.NullCount);
        ColumnChunkMetadata value = reader.Metadata.RowGroups[0].Columns.Single(c => c.Path == "value");
        Assert.True(value.Statistics!.NullCount > 0);
    }

    [Fact]
    public void Direct_form_is_given_when_asked_for()
    {
        using ParquetReader reader = ParquetReader.Open(Fixtures.Path("foreign-parquet/arrow-snappy.parquet"));
        var codes = new BytesBuffer();
        var direct = new BytesBuffer { PreferDirect = true };
        reader.Read(0, "channel", codes);
        reader.Read(0, "channel", direct);
        Assert.True(codes.IsDictionary);
        Assert.False(direct.IsDictionary);
        for (int row = 0; row < codes.Count; row++)
        {
            Assert.Equal(codes.IsNull(row), direct.IsNull(row));
            Assert.True(codes[row].SequenceEqual(direct[row]));
        }
    }

    private static ParquetErrorKind KindOf(string file) => file switch
    {
        "bad-encrypted.parquet" => ParquetErrorKind.Unsupported,
        "arrow-wrong-type.parquet" => ParquetErrorKind.TypeMismatch,
        _ => ParquetErrorKind.CorruptData,
    };

    private static List<string> Expected(string differs)
    {
        var rows = new List<string>();
        if (differs == "no rows")
        {
            return rows;
        }

        int number = 0;
        foreach (string line in File.ReadLines(Fixtures.Path("foreign-parquet/expected.ndjson")))
        {
            int row = number++;
            if (differs == "rows 6 and 7 are absent" && row is 6 or 7)
            {
                continue;
            }

            using JsonDocument message = JsonDocument.Parse(line);
            JsonElement root = message.RootElement;
            string instant = root.GetProperty("timestamp").GetString()!;
            long micros = (DateTime.Parse(instant, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal).Ticks
                - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
            if (differs.StartsWith("timestamps are cut to milliseconds", StringComparison.Ordinal))
            {
                micros = micros / 1000 * 1000;
            }

            bool isCut = differs == "value and country_id are null";
            var text = new StringBuilder().Append(micros);
            foreach (string column in TextColumns)
            {
                string? value = isCut && column == "value" ? null : root.GetProperty(column).GetString();
                text.Append('|').Append(value is null ? "<null>" : value);
            }

            foreach (string column in NumberColumns)
            {
                JsonElement value = root.GetProperty(column);
                bool isNull = value.ValueKind == JsonValueKind.Null || (isCut && column == "country_id");
                text.Append('|').Append(isNull ? "<null>" : value.GetRawText());
            }

            rows.Add(text.ToString());
        }

        return rows;
    }

    private static List<string> ReadAll(string path)
    {
        var rows = new List<string>();
        using ParquetReader reader = ParquetReader.Open(path);
        var timestamps = new Int64Buffer();
        BytesBuffer[] texts = [new(), new(), new(), new()];
        Int32Buffer[] numbers = [new(), new()];
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            int count = reader.RowCountOf(group);
            reader.Read(group, "timestamp", timestamps);
            for (int i = 0; i < texts.Length; i++)
            {
                if (reader.HasColumn(TextColumns[i]))
                {
                    reader.Read(group, TextColumns[i], texts[i]);
                }
                else
                {
                    texts[i].FillNull(count);
                }
            }

            for (int i = 0; i < numbers.Length; i++)
            {
                if (reader.HasColumn(NumberColumns[i]))
                {
                    reader.Read(group, NumberColumns[i], numbers[i]);
                }
                else
                {
                    numbers[i].FillNull(count);
                }
            }

            for (int row = 0; row < count; row++)
            {
                var text = new StringBuilder().Append(timestamps.Values[row]);
                foreach (BytesBuffer column in texts)
                {
                    text.Append('|').Append(column.IsNull(row) ? "<null>" : Encoding.UTF8.GetString(column[row]));
                }

                foreach (Int32Buffer column in numbers)
                {
                    text.Append('|').Append(column.IsNull(row) ? "<null>" : column.Values[row].ToString(CultureInfo.InvariantCulture));
                }

                rows.Add(text.ToString());
            }
        }

        Assert.Equal(reader.RowCount, rows.Count);
        return rows;
    }
}
