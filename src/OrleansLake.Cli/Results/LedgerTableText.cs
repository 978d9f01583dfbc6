using System.Globalization;
using System.Text;
using OrleansLake.Cli.Output;
using OrleansLake.Engine;
using OrleansLake.Engine.Gold;

namespace OrleansLake.Cli.Results;

/// <summary>The ledger in the formats that reports are printed in.</summary>
internal static class LedgerTableText
{
    public static void Write(LedgerTable table, OutputFormat format, Terminal terminal)
    {
        switch (format)
        {
            case OutputFormat.Table:
                DrawnTables.Write(terminal, Table(table));
                break;
            case OutputFormat.Parquet:
                using (BufferedStream buffered = new(new LeaveOpenStream(terminal.Output), 64 * 1024))
                {
                    LedgerFiles.Write(buffered, table);
                }

                break;
            default:
                terminal.Output.Write(Encoding.UTF8.GetBytes(Text(table, format)));
                break;
        }
    }

    /// <summary>Returns the whole ledger in a format for programs.</summary>
    public static string Text(LedgerTable table, OutputFormat format)
    {
        string[][] rows = [.. table.Rows.Select(row => Cells(table, row))];
        switch (format)
        {
            case OutputFormat.Csv:
                return string.Concat(rows.Prepend([.. LedgerTable.ColumnNames]).Select(row => string.Join(',', row) + "\n"));
            case OutputFormat.Json:
                return $"[\n{string.Join(",\n", rows.Select(Object))}\n]\n";
            default:
                return string.Concat(rows.Select(row => Object(row) + "\n"));
        }
    }

    private static TextTable Table(LedgerTable table) => new(
        [.. LedgerTable.ColumnNames.Take(8).Select((name, i) => new TextColumnHeader(name, i >= 2))],
        [.. table.Rows.Select(row => new[]
        {
            row.Scope, row.Scope == LedgerRow.Total ? "" : Date(row) ?? "null",
            Figures.Count(row.Bronze), Figures.Count(row.Messages), Figures.Count(row.MessagesCorrupted), Figures.Count(row.Deduplicated),
            row.Rejected is { } rejected ? Figures.Count(rejected) : "", row.Replayed is { } mended ? Figures.Count(mended) : "",
        })]);

    private static string[] Cells(LedgerTable table, LedgerRow row) =>
    [
        row.Scope, Date(row) ?? "", Number(row.Bronze), Number(row.Messages), Number(row.MessagesCorrupted), Number(row.Deduplicated),
        Number(row.Rejected), Number(row.Replayed), Number(table.Manifest), Number(table.Position),
    ];

    // Names, dates and numbers: none needs an escape.
    private static string Object(string[] cells) => $"{{{string.Join(',', cells.Select((cell, i) => $"\"{LedgerTable.ColumnNames[i]}\":{Value(cell, i < 2)}"))}}}";

    private static string Value(string cell, bool isText) => cell.Length == 0 ? "null" : isText ? $"\"{cell}\"" : cell;

    private static string? Date(LedgerRow row) => row.Day is { } day ? LakeDates.Text(day) : null;

    private static string Number(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
