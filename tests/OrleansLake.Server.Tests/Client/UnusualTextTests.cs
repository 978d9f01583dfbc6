using System.Buffers;
using System.Text;
using OrleansLake.Client;

namespace OrleansLake.Server.Tests.Client;

/// <summary>Texts that a header or a URL does not hold as they are: they come through, or are refused at once.</summary>
public class UnusualTextTests
{
    public static TheoryData<string> Keys() => ["ä→", "%\"", "%22", "a\"b", "\"", " blank ", "tab\there", "line\nend", "nul\0", "\\", "😀", "%\"caf%c3%a9\"", new string('é', 127)];

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_key_of_any_text_is_the_same_key_the_next_time(string key)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        HttpLakeClient client = server.NewClient();
        var body = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(ServerUnderTest.Line("a")));
        SendResult first = await client.SendAsync(body, new SendOptions { IdempotencyKey = key });
        SendResult again = await client.SendAsync(body, new SendOptions { IdempotencyKey = key });
        SendResult other = await client.SendAsync(body, new SendOptions { IdempotencyKey = "z" + key });
        Assert.Equal((1L, 0L, 0L, 1L, 1L), (first.Accepted, first.Duplicates, again.Accepted, again.Duplicates, other.Accepted));

        // What it is, and not what is in the header: the application in the server's process has the same one.
        var inside = (ILakeClient)server.Services.GetService(typeof(ILakeClient))!;
        Assert.Equal(1, (await inside.SendAsync(body, new SendOptions { IdempotencyKey = key })).Duplicates);
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("half a pair")]
    [InlineData("too long")]
    public async Task A_key_that_cannot_be_is_refused_at_once(string fault)
    {
        string key = fault switch { "empty" => "", "half a pair" => "\uD800", _ => new string('é', 128) };
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        foreach (ILakeClient client in (ILakeClient[])[server.NewClient(), (ILakeClient)server.Services.GetService(typeof(ILakeClient))!])
        {
            var body = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(ServerUnderTest.Line("a")));
            LakeClientException told = await Assert.ThrowsAsync<LakeClientException>(() => client.SendAsync(body, new SendOptions { IdempotencyKey = key }));
            Assert.Equal(LakeClientErrorKind.BadRequest, told.Kind);
            Assert.Contains("idempotency key", told.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("MessageId")]
    [InlineData("EventType")]
    [InlineData("Channel")]
    [InlineData("Value")]
    public async Task A_producer_refuses_a_message_whose_text_is_none_at_once_and_sends_the_others(string field)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await using var producer = new LakeProducer(server.NewClient());
        foreach (string half in (string[])["\ud800", "\ud801", "v\udc00", "\udc00\ud800", "\ud83d x"])
        {
            var message = new LakeMessage(field == "MessageId" ? half : "a", DateTimeOffset.UnixEpoch, field == "EventType" ? half : "SENT", field == "Channel" ? half : "EMAIL", 1, null, field == "Value" ? half : null);
            ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => producer.WriteAsync(message).AsTask());
            Assert.StartsWith($"The message's {field} holds half a surrogate pair", refused.Message, StringComparison.Ordinal);
        }

        await producer.WriteAsync(new LakeMessage("\ufffd", DateTimeOffset.UnixEpoch, "😀", "é", 1, null, "a😀b"));
        await producer.FlushAsync();
        Assert.Equal(1, producer.Sent);
        await Eventually.HoldsAsync(() => server.GetJsonAsync("/v1/status").Result.GetProperty("applied").GetInt64() == 1, "it is applied");
        MessageCopy copy = Assert.Single((await server.NewClient().GetMessageAsync("\ufffd")).Copies);
        Assert.Equal(("😀", "é", "a😀b"), (copy.EventType, copy.Channel, copy.Value));
    }

    [Theory]
    [InlineData("%\"abc", false)]
    [InlineData("%\"%c3\"", false)]
    [InlineData("%\"%c\"", false)]
    [InlineData("%\"%zz\"", false)]
    [InlineData("%\"\"", false)]
    [InlineData("%\"caf%c3%a9\"", true)]
    [InlineData("bare-key", true)]
    [InlineData("100%", true)]
    public async Task The_server_says_what_a_display_string_is(string header, bool isTaken)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using HttpResponseMessage response = await server.PostAsync(ServerUnderTest.Line("a"), key: header);
        Assert.Equal(isTaken ? 202 : 400, (int)response.StatusCode);
    }

    [Fact]
    public async Task Filters_with_unusual_texts_find_what_they_name()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        HttpLakeClient client = server.NewClient();
        string[] channels = ["a,b", "\\,", "é→", "a&b=c", "a+b c", "a%2Cb", "#", "ä/ö?", "\"", ""];
        foreach (string channel in channels)
        {
            await client.SendAsync(new(Encoding.UTF8.GetBytes(ServerUnderTest.Line("m" + channel).Replace("\"CHAT\"", System.Text.Json.JsonSerializer.Serialize(channel), StringComparison.Ordinal))), new SendOptions { WaitForReports = true });
        }

        foreach (string channel in channels)
        {
            ReportSnapshot report = await client.GetReportAsync(new ReportQuery { Report = "report1", Filter = new ReportFilter { Channels = [channel] } });
            Assert.Equal((1, 1L), (report.RowsInAll, report.Table.GrandTotal));
        }
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("x/y")]
    [InlineData("/")]
    [InlineData("x%2Fy")]
    [InlineData("a?b#c&d=e+f g")]
    [InlineData("é→😀\\")]
    public async Task A_message_is_found_by_whatever_id_it_has(string id)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        HttpLakeClient client = server.NewClient();
        await client.SendAsync(new(Encoding.UTF8.GetBytes(ServerUnderTest.Line(id) + ServerUnderTest.Line("x"))), new SendOptions { WaitForReports = true });
        MessageLife life = await client.GetMessageAsync(id);
        Assert.Equal((id, 1), (life.MessageId, life.Copies.Count));
    }

    [Fact]
    public async Task What_is_too_long_for_an_address_is_named()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        LakeClientException told = await Assert.ThrowsAsync<LakeClientException>(() => server.NewClient().GetMessageAsync(new string('x', 9_000)));
        Assert.Equal(LakeClientErrorKind.BadRequest, told.Kind);
        Assert.Equal(
            "'id' is too long to be asked for: the address has 9,016 bytes, of which 'id' takes 9,000 as it is escaped, and a lake's server takes 8,192 (for method, address and version together).",
            told.Message);

        string[] channels = [.. Enumerable.Range(1000, 1500).Select(i => $"channel{i}")];
        LakeClientException many = await Assert.ThrowsAsync<LakeClientException>(async () => await server.NewClient().GetReportAsync(new ReportQuery { Report = "report1", Filter = new ReportFilter { Channels = channels, From = new DateOnly(2024, 1, 1) } }));
        Assert.StartsWith("'channel' is too long to be asked for: the address has 30,040 bytes, of which 1,500 times 'channel' takes 30,000 as it is escaped", many.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_URL_holds_is_refused_and_not_asked_for_in_another_form()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        HttpLakeClient client = server.NewClient();
        foreach (Func<Task> call in (Func<Task>[])
        [
            () => client.GetMessageAsync(""),
            () => client.GetMessageAsync("half \uD800"),
            () => client.GetReportAsync(new ReportQuery { Report = "report1", Filter = new ReportFilter { Channels = [] } }).AsTask(),
            () => client.GetReportAsync(new ReportQuery { Report = "report2", Filter = new ReportFilter { Users = [] } }).AsTask(),
            () => client.GetReportAsync(new ReportQuery { Report = "\uDC00" }).AsTask(),
            () => client.GetQuarantineAsync(new QuarantineQuery { Source = "\uDC00\uD800" }),
            () => client.WatchAsync(new LiveQuery { Reports = [] }).GetAsyncEnumerator().MoveNextAsync().AsTask(),
        ])
        {
            Assert.Equal(LakeClientErrorKind.BadRequest, (await Assert.ThrowsAsync<LakeClientException>(call)).Kind);
        }
    }

    [Fact]
    public async Task Nulls_are_named()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        HttpLakeClient client = server.NewClient();
        foreach (Func<Task> call in (Func<Task>[])
        [
            () => client.SendAsync(default, null!),
            () => client.GetReportAsync(null!).AsTask(),
            () => client.GetMessageAsync(null!),
            () => client.GetQuarantineAsync(null!),
            () => client.WatchAsync(null!).GetAsyncEnumerator().MoveNextAsync().AsTask(),
            () => Task.FromResult(new LiveReportQuery("report1", null!)),
            () => Task.FromResult(new LiveReportQuery(null!, ReportFilter.None)),
            () => Task.FromResult(new LiveReportQuery("report1", ReportFilter.None) with { Filter = null! }),
            () => Task.FromResult(new LiveQuery { Reports = null! }),
            () => Task.FromResult(new LiveQuery { Reports = [null!] }),
            () => Task.FromResult(new ReportQuery { Report = null! }),
            () => Task.FromResult(new ReportQuery { Report = "report1", Filter = null! }),
            () => Task.FromResult(new ReportFilter { Channels = [null!] }),
            () => Task.FromResult(new HttpLakeClient(null!, new LakeHttpOptions())),
            () => Task.FromResult(new HttpLakeClient(new HttpClient(), null!)),
        ])
        {
            await Assert.ThrowsAsync<ArgumentNullException>(call);
        }

        foreach (Func<object> make in (Func<object>[])
        [
            () => new ReportFilter { Top = 0 },
            () => new ReportQuery { Report = "report1", Skip = -1 },
            () => new ReportQuery { Report = "report1", Take = -1 },
            () => new QuarantineQuery { Skip = -1 },
            () => new QuarantineQuery { Take = -1 },
        ])
        {
            Assert.Throws<ArgumentOutOfRangeException>(make);
        }
    }
}
