using OrleansLake.Cli.Demo;
using OrleansLake.Cli.Output;
using OrleansLake.Core.State;
using Spectre.Console;

namespace OrleansLake.Cli.Tests.Demo;

public class DemoDrawingTests
{
    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(200)]
    public void A_drawing_fits_and_cuts_no_number(int width)
    {
        string drawing = Draw(width);
        Assert.All(drawing.Split('\n'), line => Assert.True(DisplayWidth.Of(line) <= width, line));
        foreach (string number in new[] { "1,234,567", "864,197", "370,370", "123,456" })
        {
            Assert.Contains(number, drawing, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_wide_terminal_shows_every_column_of_the_report() =>
        Assert.Contains("CLICKED", Draw(80), StringComparison.Ordinal);

    private static string Draw(int width)
    {
        DemoFrame frame = new()
        {
            Lake = "./lake",
            Elapsed = TimeSpan.FromSeconds(5),
            Whole = TimeSpan.FromSeconds(20),
            Accepted = 1_234_567,
            Rate = 1000,
            Ledger = new LedgerCounts(1_234_567, 864_197, 370_370, 0, 600_000),
            Durable = 1_234_567,
            Published = 1_000_000,
            CommitNumber = 3,
            CommitMs = 12.3,
            Files = 9,
            Keys = 600_000,
            Today = new TextTable(
                [new("date"), new("channel"), new("CLICKED", true), new("CREATED", true), new("OPEN", true), new("total", true)],
                [["2024-12-16", "CHAT", "41,152", "41,152", "41,152", "123,456"]]),
        };
        using StringWriter writer = new() { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width;
        console.Write(DemoDrawing.Draw(frame, width));
        return writer.ToString();
    }
}
