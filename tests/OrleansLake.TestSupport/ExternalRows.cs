using System.Text.Json;

namespace OrleansLake.TestSupport;

/// <summary>
/// The rows that another tool answered. Cells are exact: 64-bit integers are JSON numbers with all their digits, instants RFC 3339
/// text in microseconds (with Z when they are instants, without when they are local), dates yyyy-MM-dd.
/// </summary>
public sealed class ExternalRows
{
    private ExternalRows(IReadOnlyList<ForeignColumn> columns, IReadOnlyList<JsonElement[]> rows)
    {
        Columns = columns;
        Rows = rows;
    }

    /// <summary>The columns in the tool's order.</summary>
    public IReadOnlyList<ForeignColumn> Columns { get; }

    /// <summary>The rows, each with a cell for every column.</summary>
    public IReadOnlyList<JsonElement[]> Rows { get; }

    /// <summary>The only cell of the only row, as an integer; an SQL null is 0.</summary>
    public long Count
    {
        get
        {
            var cell = Rows.Single().Single();
            return cell.ValueKind == JsonValueKind.Null ? 0 : cell.GetInt64();
        }
    }

    /// <summary>Each row as the text of a JSON array: what tests compare, since a difference then shows itself.</summary>
    public IReadOnlyList<string> Lines => [.. Rows.Select(static row => $"[{string.Join(',', row.Select(CompactJson.Of))}]")];

    /// <summary>Each row as a JSON object by column name, in column order: the form of the golden files.</summary>
    public IReadOnlyList<string> ObjectLines =>
        [.. Rows.Select(row => $"{{{string.Join(',', row.Select((cell, i) => $"{CompactJson.Of(Columns[i].Name)}:{CompactJson.Of(cell)}"))}}}")];

    internal static ExternalRows Parse(string answer)
    {
        using var document = JsonDocument.Parse(answer);
        var root = document.RootElement;
        if (root.TryGetProperty("error", out var error))
        {
            throw new ForeignReaderException(error.GetString()!);
        }

        var columns = root.GetProperty("columns").EnumerateArray()
            .Select(static c => new ForeignColumn(c.GetProperty("name").GetString()!, c.GetProperty("type").GetString()!))
            .ToArray();
        var rows = root.GetProperty("rows").EnumerateArray()
            .Select(static row => row.EnumerateArray().Select(static cell => cell.Clone()).ToArray())
            .ToArray();
        return new ExternalRows(columns, rows);
    }
}
