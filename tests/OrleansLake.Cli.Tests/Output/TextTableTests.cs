using OrleansLake.Cli.Output;

namespace OrleansLake.Cli.Tests.Output;

public class TextTableTests
{
    [Fact]
    public void Columns_are_aligned_and_no_line_ends_in_a_blank()
    {
        TextTable table = new([new("name"), new("n", true), new("remark")], [["日本", "5", "x"], ["b", "1,000", ""]]);
        Assert.Equal(
            """
            name      n  remark
            ----  -----  ------
            日本      5  x
            b     1,000

            """.ReplaceLineEndings("\n"),
            Plain(table));
    }

    [Fact]
    public void A_message_cannot_drive_the_terminal()
    {
        string text = Plain(new TextTable([new("a\e[2J")], [["x\e[31m\u009b\ny"]]));
        Assert.DoesNotContain('\e', text);
        Assert.DoesNotContain('\u009b', text);
        Assert.Equal(3, text.Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("Entregue à força", 16)]
    [InlineData("a\u0300", 1)]
    [InlineData("📧", 2)]
    [InlineData("ＡCK", 4)]
    public void Width_is_what_a_terminal_takes(string text, int width) => Assert.Equal(width, DisplayWidth.Of(text));

    [Theory]
    [InlineData("short", 5, "short")]
    [InlineData("longer", 5, "long…")]
    [InlineData("日本語です", 5, "日本…")]
    public void Shortened_text_fits(string text, int max, string expected) =>
        Assert.Equal(expected, DisplayWidth.Shorten(text, max));

    private static string Plain(TextTable table)
    {
        using StringWriter writer = new() { NewLine = "\n" };
        table.WritePlain(writer);
        return writer.ToString();
    }
}
