using OrleansLake.Cli.Output;
using OrleansLake.Cli.Results;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace OrleansLake.Cli.Demo;

/// <summary>A frame as a drawing, for terminals from 40 columns up.</summary>
internal static class DemoDrawing
{
    private const int WideMin = 76;
    private const int FrameColumns = 4;
    private const int BarMax = 60;
    private static readonly Style Quiet = new(Color.Grey);
    private static readonly Style Strong = new(Color.Aqua, decoration: Decoration.Bold);

    public static IRenderable Draw(DemoFrame frame, int width)
    {
        bool isWide = width >= WideMin;
        IRenderable figures = isWide
            ? SideBySide(MessageFigures(frame), LakeFigures(frame))
            : new Rows(MessageFigures(frame), LakeFigures(frame));
        Panel panel = new(new Rows(Bar(frame, width - FrameColumns), Text.Empty, figures))
        {
            Header = new PanelHeader($" OrleansLake: {Markup.Escape(DisplayWidth.Shorten(DisplayWidth.Printable(frame.Lake), Math.Max(8, width - 24)))} "),
            Border = BoxBorder.Rounded,
            BorderStyle = new Style(Color.Teal),
            Padding = new Padding(1, 0),
            Width = width,
        };
        return new Rows(panel, Today(frame, width));
    }

    private static Grid SideBySide(IRenderable left, IRenderable right)
    {
        Grid grid = new() { Expand = true };
        grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 4, 0) });
        grid.AddColumn(new GridColumn { Padding = new Padding(0) });
        return grid.AddRow(left, right);
    }

    private static Grid MessageFigures(DemoFrame frame) => Grid(
        ("accepted", Figures.Count(frame.Accepted), Figures.Rate(frame.Rate)),
        ("silver messages", Figures.Count(frame.Ledger.Messages), Figures.Share(frame.Ledger.Messages, frame.Ledger.Bronze)),
        ("corrupted", Figures.Count(frame.Ledger.MessagesCorrupted), Figures.Share(frame.Ledger.MessagesCorrupted, frame.Ledger.Bronze)),
        ("duplicates", Figures.Count(LedgerText.Duplicates(frame.Ledger)), "suppressed"),
        ("counted once", Figures.Count(frame.Ledger.Deduplicated), "in the reports"));

    private static Grid LakeFigures(DemoFrame frame) => Grid(
        ("durable", Figures.Count(frame.Durable), "in the log"),
        ("published", Figures.Count(frame.Published), "as Parquet"),
        ("last commit", frame.CommitNumber == 0 ? "-" : $"#{frame.CommitNumber}", frame.CommitMs == 0 ? "" : Figures.Milliseconds(frame.CommitMs)),
        ("files", Figures.Count(frame.Files), ""),
        ("keys", Figures.Count(frame.Keys), "in memory"));

    private static Grid Grid(params ReadOnlySpan<(string Name, string Figure, string Remark)> lines)
    {
        Grid grid = new();
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        grid.AddColumn(new GridColumn { NoWrap = true, Alignment = Justify.Right, Width = 11, Padding = new Padding(0, 0, 2, 0) });
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0) });
        foreach ((string name, string figure, string remark) in lines)
        {
            grid.AddRow(new Text(name, Quiet), new Text(figure, Strong), new Text(remark, Quiet));
        }

        return grid;
    }

    private static Text Bar(DemoFrame frame, int width)
    {
        string time = frame.Elapsed < frame.Whole ? $"{Figures.Time(frame.Elapsed)} of {Figures.Time(frame.Whole)}" : "committing";
        int bar = Math.Clamp(width - time.Length - 2, 4, BarMax);
        int full = (int)(frame.Share * bar);
        return new Text($"{new string('━', full)}{new string('╌', bar - full)}  {time}", new Style(Color.Teal));
    }

    // A table that is too wide loses its middle columns, never a part of a number.
    private static IRenderable Today(DemoFrame frame, int width)
    {
        TextTable table = frame.Today;
        if (table.Rows.Count == 0)
        {
            return new Text(" report 1: waiting for the first messages", Quiet);
        }

        while (table.DrawnWidth() > width && table.Columns.Count > 3)
        {
            int dropped = table.Columns.Count - 2;
            table = new TextTable(
                [.. table.Columns.Where((_, i) => i != dropped)],
                [.. table.Rows.Select(row => row.Where((_, i) => i != dropped).ToArray())]);
        }

        Table drawn = DrawnTables.Draw(table);
        drawn.Title = new TableTitle(frame.IsSeeded ? "report 1, the newest day, live" : "report 1 of today, live", new Style(Color.Teal));
        return drawn;
    }
}
