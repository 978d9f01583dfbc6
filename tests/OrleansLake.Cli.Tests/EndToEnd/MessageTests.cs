using System.Text.RegularExpressions;
using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>One message at the command line: what the server says of it, from the lake's folder too.</summary>
public partial class MessageTests
{
    private const string First = """{"timestamp":"2024-12-16T10:01:00Z","value":"v","event_type":"SENT","message_id":"m/1","channel":"SMS","country_id":1,"user_id":2}""";
    private const string Later = """{"timestamp":"2024-12-16T10:02:00.5Z","event_type":"SENT","message_id":"m/1","channel":"SMS"}""";
    private const string Corrupted = """{"timestamp":"2024-12-16T10:03:00Z","event_type":"NONE","message_id":"m/1"}""";

    [GeneratedRegex("http://127\\.0\\.0\\.1:[1-9][0-9]*")]
    private static partial Regex Url();

    [Theory]
    [InlineData("1")]
    [InlineData("3")]
    public void Copies_are_the_same_in_the_log_in_silver_and_from_a_server(string partitions)
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", lake.Scratch.Write("events.ndjson", string.Join('\n', First, Later, Corrupted)), "--partitions", partitions);
        string inLog = lake.Ok("message", "m/1", "--format", "json").Output;
        Assert.Equal(["counted", "suppressed", "corrupted"], Outcomes(inLog));
        lake.CatchUp();
        Assert.Equal(inLog, lake.Ok("message", "m/1").Output);
        using LakeProcess server = LakeProcess.Start(lake.Call("serve", "--urls", "http://127.0.0.1:0"));
        server.WaitUntil(one => Url().IsMatch(one.ErrorSoFar), "listening");
        string url = Url().Match(server.ErrorSoFar).Value;
        Assert.Equal(inLog, lake.Ok("message", "m/1", "--url", url).Output);
        Assert.Contains("No message with the id 'gone' is in the lake.", lake.Expect(1, "message", "gone", "--url", url).Error, StringComparison.Ordinal);
        server.Terminate();
        Assert.Equal(0, server.Wait().ExitCode);
        Assert.Contains("There is no message gone in the lake.", lake.Expect(1, "message", "gone").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Copies_are_rows_of_a_table_and_lines()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", lake.Scratch.Write("events.ndjson", string.Join('\n', First, Later)), "--run");
        IReadOnlyList<string> table = lake.Ok("message", "m/1", "--format", "table").Lines;
        Assert.Equal(["offset", "timestamp", "date", "event_type", "channel", "country_id", "user_id", "value", "outcome", "reason"], table[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("2024-12-16T10:02:00.5Z  2024-12-16  SENT", table[3], StringComparison.Ordinal);
        Assert.Equal(2, lake.Ok("message", "m/1", "--format", "ndjson").Lines.Count);
    }

    private static string[] Outcomes(string json) =>
        [.. System.Text.Json.JsonDocument.Parse(json).RootElement.GetProperty("copies").EnumerateArray().Select(static copy => copy.GetProperty("outcome").GetString()!)];
}
