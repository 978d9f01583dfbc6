using System.CommandLine;
using OrleansLake.Cli.Commands;
using OrleansLake.Cli.Output;

namespace OrleansLake.Cli.Tests.Commands;

/// <summary>Tests what the command line takes and refuses, before anything is done.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly Terminal _terminal = Terminal.OfProcess();

    [Theory]
    [InlineData("demo --rate 500 --for 3s --trigger 1s")]
    [InlineData("produce --count 10 --seed 1 -")]
    [InlineData("produce --for 20s --rate 10 --profile bench --to x --overwrite --time-zone UTC --countries c.csv")]
    [InlineData("produce --rate 10 --parquet x")]
    [InlineData("ingest a b.csv - --run --trigger 5s --again --acks --threads 2")]
    [InlineData("run --until-caught-up --no-fsync")]
    [InlineData("run --for 10m --time-zone America/New_York")]
    [InlineData("report report1 --format parquet")]
    [InlineData("report report2 --limit 10")]
    [InlineData("check --format json")]
    [InlineData("replay --yes")]
    [InlineData("inspect x.parquet --format json")]
    [InlineData("quarantine list --format ndjson")]
    [InlineData("source list --url http://lake.example:5080 --format json")]
    [InlineData("sink list --url http://lake.example:5080 --format csv")]
    public void What_the_manual_says_is_taken(string line) => Assert.Empty(Parse(line).Errors);

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("ingest")]
    [InlineData("report report3")]
    [InlineData("report report1 --format excel")]
    [InlineData("check --format parquet")]
    [InlineData("sink list --format parquet")]
    [InlineData("sink")]
    [InlineData("quarantine")]
    [InlineData("run --trigger soon")]
    [InlineData("run --for 1m --until-caught-up")]
    [InlineData("run --time-zone Middle_Earth/Shire")]
    [InlineData("run --threads 0")]
    [InlineData("demo --rate 0")]
    [InlineData("produce --count 5 --for 5s")]
    [InlineData("produce --to a --parquet b")]
    [InlineData("produce --to a -")]
    [InlineData("produce --overwrite")]
    [InlineData("produce --time-zone UTC")]
    [InlineData("produce elsewhere")]
    [InlineData("produce --profile poems")]
    [InlineData("produce --seed x")]
    public void What_cannot_be_meant_is_refused(string line) => Assert.NotEmpty(Parse(line).Errors);

    [Theory]
    [InlineData("quarantine dismiss abc --reason x", "'abc' names no rejected record")]
    [InlineData("quarantine dismiss 25.0..1.0 --undo", "'25.0..1.0' is a range that ends before it begins")]
    [InlineData("quarantine dismiss 0.2 --all --reason x", "Give IDs or --all, not both.")]
    [InlineData("quarantine dismiss --reason x", "Name the records to dismiss, or give --all")]
    [InlineData("quarantine dismiss 1 --all=perhaps --reason x", "perhaps")]
    [InlineData("run --for 1m --until-caught-up=perhaps", "perhaps")]
    [InlineData("produce --overwrite=perhaps", "perhaps")]
    public void What_does_not_parse_is_named_by_commands_that_check_their_options_together(string line, string part) =>
        Assert.Contains(Parse(line).Errors, error => error.Message.Contains(part, StringComparison.Ordinal));

    [Theory]
    [InlineData("--lake here report report1")]
    [InlineData("report --lake here report1")]
    [InlineData("report report1 --lake here")]
    [InlineData("quarantine list --lake=here")]
    public void The_lake_may_be_named_anywhere(string line) => Assert.Equal("here", GlobalOptions.PathOf(Parse(line)));

    [Fact]
    public void An_error_names_the_option_and_the_text() =>
        Assert.Equal("--trigger soon: expected a duration such as 20s, 1m30s, 500ms or 2h.", Assert.Single(Parse("run --trigger soon").Errors).Message);

    [Theory]
    [InlineData("serve --trigger 25h", "--trigger 25h: expected 1ms to 24h.")]
    [InlineData("run --trigger 2d", "--trigger 2d: expected 1ms to 24h.")]
    [InlineData("run --trigger 0.5ms", "--trigger 0.5ms: expected 1ms to 24h.")]
    [InlineData("serve --allowed-hosts a;b", "--allowed-hosts is 'a;b': give a host's name such as lake.example.com, *.example.com or [::1], without scheme and port, or * for any; several by repetition.")]
    public void A_value_that_is_none_is_told_as_it_was_given_with_what_is_right(string line, string expected) =>
        Assert.Equal(expected, Assert.Single(Parse(line).Errors).Message);

    [Theory]
    [InlineData("run --trigger 24h")]
    [InlineData("run --trigger 1ms")]
    [InlineData("serve --allowed-hosts a --allowed-hosts b --allow-origin https://a.example --allow-origin https://b.example")]
    public void What_is_within_bounds_or_repeated_is_taken(string line) => Assert.Empty(Parse(line).Errors);

    public void Dispose() => _terminal.Dispose();

    private ParseResult Parse(string line) =>
        LakeCommandLine.Build(_terminal).Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
