namespace OrleansLake.Cli.Tests.EndToEnd;

public class ReportTests
{
    [Fact]
    public void An_empty_report_says_that_messages_wait_to_be_published()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", lake.Scratch.Write("events.ndjson", "{\"timestamp\":\"2024-12-16T10:00:00Z\",\"message_id\":\"a\",\"event_type\":\"SENT\",\"channel\":\"SMS\",\"user_id\":1}\n"), "--partitions", "3");
        Assert.Equal(
            "lake: the report is empty: 1 message in the log waits to be published, which a server does by itself and `lake run --until-caught-up` at once.\n",
            lake.Ok("report", "report1").Error);
        lake.CatchUp();
        Assert.Equal("", lake.Ok("report", "report1").Error);
        lake.Ok("ingest", lake.Scratch.Write("more.ndjson", "{\"timestamp\":\"2024-12-16T10:00:01Z\",\"message_id\":\"b\",\"event_type\":\"SENT\",\"channel\":\"SMS\",\"user_id\":1}\n"));
        Assert.StartsWith("lake: the report is behind: 1 message in the log waits to be published", lake.Ok("report", "report1").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_report_says_what_became_of_what_came()
    {
        using var lake = new LakeUnderTest();
        lake.Expect(1, "ingest", lake.Scratch.Write("events.ndjson", "{\"timestamp\":\"2024-12-16T10:00:00Z\",\"message_id\":\"a\"}\n{}\n"), "--run");
        Assert.Equal(
            "lake: the report is empty: 1 message without an event type is in silver/messages_corrupted, and 1 record rejected (`lake quarantine list`).\n",
            lake.Ok("report", "report2").Error);
    }
}
