using Spectre.Console;

namespace OrleansLake.Cli.Output;

/// <summary>
/// Tables drawn with lines at a terminal that is wide enough, and in plain columns otherwise: a drawn table would
/// cut or wrap its cells there, and half a number is a wrong number.
/// </summary>
internal static class DrawnTables
{
    /// <summary>Beyond this a drawn table takes seconds, and nobody reads it.</summary>
    private const int RowsMax = 500;

    public static void Write(Terminal terminal, TextTable table)
    {
        if (!terminal.IsOutputTerminal || table.Rows.Count > RowsMax || table.DrawnWidth() > terminal.Width)
        {
            table.WritePlain(terminal.Out);
            return;
        }

        WriteDrawn(terminal, table);
    }

    // Apart from the above, so that a process that draws nothing loads no Spectre.
    private static void WriteDrawn(Terminal terminal, TextTable table)
    {
        terminal.Out.Flush();
        SpectreConsoles.Create(terminal, terminal.Out).Write(Draw(table));
        terminal.Out.Flush();
    }

    public static Table Draw(TextTable table)
    {
        Table drawn = new() { Border = TableBorder.Rounded, BorderStyle = new Style(Color.Grey) };
        foreach (TextColumnHeader column in table.Columns)
        {
            TableColumn header = new(new Text(DisplayWidth.Printable(column.Name), new Style(decoration: Decoration.Bold))) { NoWrap = true };
            drawn.AddColumn(column.IsNumber ? header.RightAligned() : header);
        }

        foreach (IReadOnlyList<string> row in table.Rows)
        {
            drawn.AddRow(row.Select(cell => new Text(DisplayWidth.Printable(cell))));
        }

        return drawn;
    }
}
