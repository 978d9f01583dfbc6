using System.Globalization;
using System.Text;
using OrleansLake.Cli.Output;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Core.Time;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Results;

/// <summary>Reports in the formats that are printed.</summary>
internal static class ReportText
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>Writes the whole report in a format for programs.</summary>
    public static void Write(ReportTable table, OutputFormat format, Stream destination)
    {
        if (format == OutputFormat.Parquet)
        {
            using BufferedStream buffered = new(new LeaveOpenStream(destination), BufferBytes);
            GoldFiles.Write(buffered, table);
            return;
        }

        using StreamBufferWriter writer = new(destination, BufferBytes);
        switch (format)
        {
            case OutputFormat.Ndjson:
                table.WriteNdjson(writer);
                break;
            case OutputFormat.Csv:
                table.WriteCsv(writer);
                break;
            case OutputFormat.Json:
                table.WriteJson(writer);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, "Not a format for programs.");
        }
    }

    /// <summary>Returns the first rows, as texts.</summary>
    public static TextTable Table(ReportTable table, int rowsMax) => Table(table, rowsMax, _ => true);

    /// <summary>Returns the first rows of those that are wanted, as texts.</summary>
    public static TextTable Table(ReportTable table, int rowsMax, Func<int, bool> isWanted)
    {
        List<IReadOnlyList<string>> rows = [];
        for (int row = 0; row < table.RowCount && rows.Count < rowsMax; row++)
        {
            if (isWanted(row))
            {
                rows.Add([.. table.Columns.Select((_, column) => Cell(table, row, column))]);
            }
        }

        return new TextTable(
            [.. table.Columns.Select(column => new TextColumnHeader(column.Name, column.Type is ReportColumnType.Count or ReportColumnType.Number or ReportColumnType.LongNumber))],
            rows);
    }

    /// <summary>
    /// Returns the rows of one date of a report that begins with dates: <paramref name="today"/>, or the last date there is
    /// (a lake west of UTC has not come to it yet).
    /// </summary>
    public static TextTable OfDate(ReportTable table, int today, int rowsMax)
    {
        NumberColumn<int> dates = table.Numbers(0);
        int date = dates.Values.Contains(today) || dates.Count == 0 ? today : dates.Values[^1];
        return Table(table, rowsMax, row => !dates.IsNull(row) && dates.Values[row] == date);
    }

    private static string Cell(ReportTable table, int row, int column) => table.Columns[column].Type switch
    {
        ReportColumnType.Count => table.Count(row, column) is { } count ? Figures.Count(count) : "",
        ReportColumnType.Text => table.Texts(column).IsNull(row) ? "null" : Encoding.UTF8.GetString(table.Texts(column)[row]),
        ReportColumnType.LongNumber => table.LongNumbers(column).IsNull(row) ? "null" : table.LongNumbers(column).Values[row].ToString(CultureInfo.InvariantCulture),
        _ when table.Numbers(column).IsNull(row) => "null",
        ReportColumnType.Date => Date(table.Numbers(column).Values[row]),
        _ => table.Numbers(column).Values[row].ToString(CultureInfo.InvariantCulture),
    };

    private static string Date(int day)
    {
        Span<byte> text = stackalloc byte[DateText.FormatBytesMax];
        return Encoding.ASCII.GetString(text[..DateText.Format(day, text)]);
    }
}
