using System.Diagnostics;
using OrleansLake.Core.Parsing;

namespace OrleansLake.Core.Tests.Parsing;

public class ShownTextTests
{
    [Theory]
    [InlineData("day=1/a.parquet", "day=1/a.parquet")]
    [InlineData("a b.parquet", "'a b.parquet'")]
    [InlineData("it's $HOME", @"'it'\''s $HOME'")]
    [InlineData("new\nline", @"$'new\nline'")]
    [InlineData("it's\ta\\b\e1\u0085\u202eé", @"$'it\'s\ta\\b\0331\302\205\342\200\256é'")]
    [InlineData("", "''")]
    public void A_shell_gets_the_text_that_it_is_made_of(string text, string expected)
    {
        string word = ShownText.InShell(text);
        Assert.Equal(expected, word);
        if (OperatingSystem.IsLinux())
        {
            var start = new ProcessStartInfo("bash", ["-c", $"printf %s {word}"]) { RedirectStandardOutput = true };
            start.Environment["LC_ALL"] = "C.UTF-8";
            using Process shell = Process.Start(start)!;
            Assert.Equal(text, shell.StandardOutput.ReadToEnd());
            shell.WaitForExit();
        }
    }
}
