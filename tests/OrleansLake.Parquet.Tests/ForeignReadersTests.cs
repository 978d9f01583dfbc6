using System.Text.Json;
using OrleansLake.TestSupport;

namespace OrleansLake.Parquet.Tests;

/// <summary>
/// Tests what is written is read by others to the same cells; what DuckDB leaves out by our statistics and indexes is what a
/// full read leaves out; and the facts that it reads in our footers are those of the rows.
/// </summary>
public class ForeignReadersTests
{
    private const int Files = 40;
    private static readonly string[] Readers = ["duckdb", "polars", "hyparquet", "parquet-wasm"];

    [ForeignFact]
    public void Random_tables_are_read_by_others_to_the_same_cells()
    {
        using var folder = new ScratchFolder();
        int seed = Random.Shared.Next();
        Answer answer = Hold(folder, Enumerable.Range(seed, Files).Select(each => ($"seed-{each}", new RandomTable(each))));
        Assert.True(answer.Cells > 4 * Files, $"only {answer.Cells} cells were compared");
        Assert.True(answer.Queries > Files, $"only {answer.Queries} conditions were asked");
        Assert.True(answer.Metadata > 0);
    }

    private static Answer Hold(ScratchFolder folder, IEnumerable<(string Name, RandomTable Table)> tables)
    {
        var files = new List<object>();
        foreach ((string name, RandomTable table) in tables)
        {
            string file = folder.Write(name + ".parquet", table.Write());
            files.Add(new { file, expected = folder.Write(name + ".json", ExpectedOf(table)) });
        }

        string text = ForeignReaders.Ask("columns.mjs", JsonSerializer.Serialize(new { files, readers = Readers }));
        Answer answer = JsonSerializer.Deserialize<Answer>(text, JsonSerializerOptions.Web)!;
        Assert.True(answer.Differences.Length == 0, string.Join('\n', answer.Differences));
        return answer;
    }

    private static string ExpectedOf(RandomTable table) => JsonSerializer.Serialize(new
    {
        columns = table.Schema.Fields.Select((field, i) => new
        {
            name = field.Name,
            type = field.Type.ToString(),
            cells = table.Expected(i).Select(cell => cell is null ? null : CellOf(field.Type, cell)),
        }),
    });

    // As columns.mjs has cells: NaNs are not distinguished, numbers of bits have all their digits.
    internal static string CellOf(ParquetType type, string cell) => type switch
    {
        ParquetType.Boolean or ParquetType.String or ParquetType.Binary => cell.ToLowerInvariant(),
        ParquetType.Float when float.IsNaN(BitConverter.UInt32BitsToSingle(Convert.ToUInt32(cell, 16))) => "nan",
        ParquetType.Float => cell.PadLeft(8, '0'),
        ParquetType.Double when double.IsNaN(BitConverter.UInt64BitsToDouble(Convert.ToUInt64(cell, 16))) => "nan",
        ParquetType.Double => cell.PadLeft(16, '0'),
        _ => cell,
    };

    private sealed record Answer(long Cells, long Queries, long Metadata, string[] Differences);
}
