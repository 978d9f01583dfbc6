namespace OrleansLake.Cli.Output;

/// <summary>Rows of text under a header, the same for every way of drawing a table.</summary>
/// <param name="Columns">The header.</param>
/// <param name="Rows">One text a column.</param>
internal sealed record TextTable(IReadOnlyList<TextColumnHeader> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    private const int Gap = 2;

    /// <summary>Writes aligned columns, two blanks apart: right for pipes, logs and terminals of any width.</summary>
    public void WritePlain(TextWriter writer)
    {
        int[] widths = [.. Columns.Select(column => DisplayWidth.Of(column.Name))];
        List<string[]> rows = new(Rows.Count);
        foreach (IReadOnlyList<string> row in Rows)
        {
            string[] cells = [.. row.Select(DisplayWidth.Printable)];
            for (int i = 0; i < widths.Length; i++)
            {
                widths[i] = Math.Max(widths[i], DisplayWidth.Of(cells[i]));
            }

            rows.Add(cells);
        }

        WriteRow(writer, widths, [.. Columns.Select(column => DisplayWidth.Printable(column.Name))]);
        WriteRow(writer, widths, [.. widths.Select(width => new string('-', width))]);
        foreach (string[] row in rows)
        {
            WriteRow(writer, widths, row);
        }
    }

    /// <summary>Returns the width that a drawn table needs: its widest cells, and three columns for each border.</summary>
    public int DrawnWidth()
    {
        int width = 1;
        for (int i = 0; i < Columns.Count; i++)
        {
            int column = DisplayWidth.Of(Columns[i].Name);
            foreach (IReadOnlyList<string> row in Rows)
            {
                column = Math.Max(column, DisplayWidth.Of(row[i]));
            }

            width += column + 3;
        }

        return width;
    }

    private void WriteRow(TextWriter writer, int[] widths, string[] cells)
    {
        // Blanks are written when something follows them: no line ends in one.
        int blanks = 0;
        for (int i = 0; i < cells.Length; i++)
        {
            int padding = widths[i] - DisplayWidth.Of(cells[i]);
            blanks += Columns[i].IsNumber ? padding : 0;
            if (cells[i].Length > 0)
            {
                writer.Write(new string(' ', blanks));
                writer.Write(cells[i]);
                blanks = 0;
            }

            blanks += (Columns[i].IsNumber ? 0 : padding) + Gap;
        }

        writer.WriteLine();
    }
}
