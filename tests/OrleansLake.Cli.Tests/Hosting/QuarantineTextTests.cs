using System.Text;
using OrleansLake.Cli.Output;
using OrleansLake.Cli.Results;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;
using OrleansLake.Storage;
using OrleansLake.Storage.Registries;

namespace OrleansLake.Cli.Tests.Hosting;

public class QuarantineTextTests
{
    private static readonly QuarantineEntry Text =
        new("in.ndjson", new Rejection(RejectionReason.MissingMessageId, "no \"message_id\", sorry", 2, 17, "{\"a\":\n1}"u8.ToArray()))
        {
            Id = new QuarantineId(412, 3),
            RejectedAt = new DateTimeOffset(2026, 11, 23, 12, 0, 1, 500, TimeSpan.Zero),
        };

    private static readonly QuarantineEntry Mapped =
        new("hook", new Rejection(RejectionReason.WrongType, "no", 1, -1, "x"u8.ToArray()) { Mapping = "sendgrid" }) { Id = new QuarantineId(414, 0) };

    private static readonly QuarantineEntry Bytes =
        new("in.ndjson", new Rejection(RejectionReason.NotUtf8, "not UTF-8", 3, -1, [0xFF, 0x00]))
        {
            Id = new QuarantineId(413, 0),
            Settlement = new QuarantineSettlement(true, null),
        };

    [Fact]
    public void Ndjson_keeps_text_as_text_and_other_bytes_as_base64() => Assert.Equal(
        """
        {"id":"412.3","state":"open","rejected_at":"2026-11-23T12:00:01.500000Z","reason":"missing_message_id","detail":"no \"message_id\", sorry","source":"in.ndjson","record":2,"position":17,"lines":2,"raw":"{\"a\":\n1}"}
        {"id":"413.0","state":"mended","rejected_at":null,"reason":"not_utf8","detail":"not UTF-8","source":"in.ndjson","record":3,"position":null,"lines":1,"raw_base64":"/wA="}

        """.ReplaceLineEndings("\n"),
        Print(OutputFormat.Ndjson, Text, Bytes));

    [Fact]
    public void Csv_quotes_what_must_be() => Assert.Equal(
        "id,state,rejected_at,reason,detail,source,record,position,raw,raw_base64,lines,dismissed_because,mapping\n"
        + "412.3,open,2026-11-23T12:00:01.500000Z,missing_message_id,\"no \"\"message_id\"\", sorry\",in.ndjson,2,17,\"{\"\"a\"\":\n1}\",,2,,\n"
        + "413.0,mended,,not_utf8,not UTF-8,in.ndjson,3,,,/wA=,1,,\n"
        + "414.0,open,,wrong_type,no,hook,1,,x,,1,,sendgrid\n",
        Print(OutputFormat.Csv, Text, Bytes, Mapped));

    [Fact]
    public void Json_is_an_array_also_of_nothing()
    {
        Assert.Equal("[]\n", Print(OutputFormat.Json));
        Assert.Equal(2, System.Text.Json.JsonDocument.Parse(Print(OutputFormat.Json, Text, Bytes)).RootElement.GetArrayLength());
    }

    [Theory]
    [InlineData(80)]
    [InlineData(90)]
    [InlineData(120)]
    [InlineData(200)]
    public void A_table_fits_the_terminal(int width)
    {
        QuarantineEntry entry = new(
            "a-rather-long-name-of-a-file-that-was-ingested.ndjson",
            new Rejection(RejectionReason.TimestampOutOfRange, new string('d', 300), 1_234_567, 0, new byte[5_000]));
        TextTable table = QuarantineText.Table([entry], width);
        Assert.True(table.DrawnWidth() <= width);

        // As much of what is wrong as tells it.
        Assert.Contains(Assert.Single(table.Rows), cell => cell.StartsWith("dddd", StringComparison.Ordinal) && cell.Length >= 25);
    }

    private static string Print(OutputFormat format, params QuarantineEntry[] entries)
    {
        using MemoryStream stream = new();
        QuarantineText.WriteAll(stream, entries, format, CancellationToken.None);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
