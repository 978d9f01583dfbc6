using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.TestSupport;

namespace OrleansLake.Core.Tests.State;

/// <summary>The same messages, counted by Apache Spark.</summary>
public class GoldenReportsTests
{
    private const int PartMessages = 2000;

    [Fact]
    public void Reports_and_ledger_are_those_of_Spark_after_each_part()
    {
        Message[] messages = Read();
        JsonElement[] ledgers = [.. File.ReadLines(Fixtures.Path("golden/utc/ledger.ndjson")).Select(line => JsonDocument.Parse(line).RootElement)];
        var state = new LakeState(LakeReports.All);
        for (int part = 1; part <= 6; part++)
        {
            int start = (part - 1) * PartMessages;
            Streams.Apply(state, messages[start..(start + PartMessages)], start);
            string suffix = part < 6 ? $".after{part}" : "";
            Assert.Equal(File.ReadAllText(Fixtures.Path($"golden/utc/report1{suffix}.ndjson")), Streams.Ndjson(state, LakeReports.Report1));
            Assert.Equal(File.ReadAllText(Fixtures.Path($"golden/utc/report2{suffix}.ndjson")), Streams.Ndjson(state, LakeReports.Report2));

            LedgerCounts ledger = state.Ledger.Total;
            Assert.Equal(ledgers[part - 1].GetProperty("bronze").GetInt64(), ledger.Bronze);
            Assert.Equal(ledgers[part - 1].GetProperty("messages").GetInt64(), ledger.Messages);
            Assert.Equal(ledgers[part - 1].GetProperty("messages_corrupted").GetInt64(), ledger.MessagesCorrupted);
            Assert.Equal(ledgers[part - 1].GetProperty("deduplicated").GetInt64(), ledger.Deduplicated);
        }
    }

    private static Message[] Read()
    {
        using var file = new GZipStream(File.OpenRead(Fixtures.Path("golden/events.ndjson.gz")), CompressionMode.Decompress);
        using var lines = new StreamReader(file);
        var messages = new List<Message>();
        while (lines.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            JsonElement record = json.RootElement;
            var instant = DateTimeOffset.Parse(record.GetProperty("timestamp").GetString()!, CultureInfo.InvariantCulture);
            long microseconds = (instant - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
            messages.Add(new Message(
                microseconds, Text(record, "event_type"), Text(record, "message_id"), Text(record, "channel"),
                Number(record, "country_id"), Number(record, "user_id"), Streams.DayOf(microseconds)));
        }

        return [.. messages];
    }

    private static string? Text(JsonElement record, string field) =>
        record.TryGetProperty(field, out JsonElement value) ? value.GetString() : null;

    private static int? Number(JsonElement record, string field) =>
        record.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;
}
