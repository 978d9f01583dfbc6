using System.Text;
using System.Text.Json;
using OrleansLake.TestSupport;
using Xunit.Abstractions;

namespace OrleansLake.Parquet.Tests;

/// <summary>
/// Tests what DuckDB, Polars, parquet-wasm and hyparquet-writer write of random tables, with every option that they have, is read
/// to what each of them reads in its own file; and no row is left out by what they say about their columns.
/// <c>ORLEANSLAKE_WRITERS_SEED</c> makes the tables of a seed again, <c>ORLEANSLAKE_WRITERS_FILES</c> says how many.
/// </summary>
public class OtherWritersTests(ITestOutputHelper output)
{
    private const int FilesByDefault = 6;

    [ForeignFact]
    public void Random_tables_of_others_read_as_they_read_them()
    {
        using var folder = new ScratchFolder();
        int seed = Setting("ORLEANSLAKE_WRITERS_SEED", Random.Shared.Next());
        int files = Setting("ORLEANSLAKE_WRITERS_FILES", FilesByDefault);
        output.WriteLine($"seed {seed}");
        string text = ForeignReaders.Ask("writers.mjs", JsonSerializer.Serialize(new { folder = folder.Path, seed, files }));
        Answer answer = JsonSerializer.Deserialize<Answer>(text, JsonSerializerOptions.Web)!;
        foreach (string note in answer.Notes)
        {
            output.WriteLine(note);
        }

        // Now and then a tool fails on its own table; most files have to be there.
        Assert.True(answer.Files.Length >= 3 * files, $"seed {seed}: {answer.Files.Length} files\n{string.Join('\n', answer.Notes)}");
        var differences = new List<string>();
        foreach (WrittenFile file in answer.Files)
        {
            try
            {
                Hold(file);
            }
            catch (Exception e) when (e is ParquetException or Xunit.Sdk.XunitException)
            {
                differences.Add($"{file.How}\n  {e.Message}");
            }
        }

        Assert.True(differences.Count == 0, $"seed {seed}\n{string.Join('\n', differences)}");
    }

    private static void Hold(WrittenFile file)
    {
        using ParquetReader reader = ParquetReader.Open(file.File);
        foreach (WrittenColumn column in file.Columns)
        {
            var field = new ParquetField(column.Name, Enum.Parse<ParquetType>(column.Type));
            foreach (bool preferDirect in (bool[])[false, true])
            {
                List<string?> rows = RoundTripTests.ReadColumn(reader, field, preferDirect);
                Assert.True(column.Cells.Length == rows.Count, $"{column.Name} ({column.Type}): {rows.Count} rows, {column.Cells.Length} expected");
                for (int row = 0; row < rows.Count; row++)
                {
                    string? cell = rows[row] is { } text ? ForeignReadersTests.CellOf(field.Type, text) : null;
                    Assert.True(column.Cells[row] == cell, $"{column.Name} ({column.Type}), row {row}: {cell ?? "null"}, {column.Cells[row] ?? "null"} expected");
                }
            }

            HoldSearch(reader, column, field.Type);
        }

        foreach (string name in file.Refused)
        {
            Assert.False(reader.HasColumn(name));
            for (int group = 0; group < reader.RowGroupCount; group++)
            {
                ParquetException refusal = Assert.Throws<ParquetException>(() => reader.Read(group, name, new BytesBuffer()));
                Assert.Equal((ParquetErrorKind.Unsupported, name), (refusal.Kind, refusal.Column));
            }
        }
    }

    // Every row of a value is among those found by statistics, page index and bloom filter.
    private static void HoldSearch(ParquetReader reader, WrittenColumn column, ParquetType type)
    {
        string[] values = [.. column.Cells.OfType<string>().Distinct()];
        for (int i = 0; i < Math.Min(5, values.Length); i++)
        {
            string value = values[i * values.Length / 5];
            ColumnRange? condition = type switch
            {
                ParquetType.Int32 or ParquetType.Int64 or ParquetType.Date or ParquetType.TimestampMicros => ColumnRange.EqualTo(column.Name, long.Parse(value)),
                ParquetType.String => ColumnRange.EqualTo(column.Name, Encoding.UTF8.GetString(Convert.FromHexString(value))),
                _ => null,
            };
            for (int group = 0, start = 0; condition is not null && group < reader.RowGroupCount; start += reader.RowCountOf(group++))
            {
                IReadOnlyList<RowRange> found = reader.Find(group, condition);
                for (int row = 0; row < reader.RowCountOf(group); row++)
                {
                    Assert.True(
                        column.Cells[start + row] != value || found.Any(range => row >= range.Start && row < range.End),
                        $"{column.Name} ({column.Type}), row group {group}, row {row}: {value} is not among what is found");
                }
            }
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out int value) ? value : otherwise;

    private sealed record Answer(WrittenFile[] Files, string[] Notes);

    private sealed record WrittenFile(string File, string How, WrittenColumn[] Columns, string[] Refused);

    private sealed record WrittenColumn(string Name, string Type, string?[] Cells);
}
