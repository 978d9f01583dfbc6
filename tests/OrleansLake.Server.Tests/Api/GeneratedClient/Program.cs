using System.Text.Json;
using Generated;

// Calls every route by the client that was generated from the description, and prints what it sent and what it got.
using var http = new HttpClient(new Calls()) { BaseAddress = new Uri(args[0]), Timeout = TimeSpan.FromMinutes(1) };
var lake = new LakeApi(http);
Console.WriteLine($"{(await lake.GetAliveAsync()).Status} {(await lake.GetHealthAsync()).Status}");

Message[] messages =
[
    new() { Timestamp = "2024-12-16T10:10:01Z", Message_id = "ä/→", Event_type = "CREATED", Channel = "CHAT", User_id = 7, Value = "a text" },
    new() { Timestamp = "2024-12-16T10:10:02Z", Message_id = "b", Event_type = "OPEN", Channel = "EMAIL", User_id = 8, Value = 1.5 },
    new() { Timestamp = "no", Message_id = "c" },
];
SendReceipt sent = await lake.SendMessagesAsync(messages, Wait.Report, errors: 1, idempotency_Key: "first");
Console.WriteLine($"{sent.Accepted} accepted, {sent.Quarantined} {sent.Errors.Single().Code}");

var from = new DateTimeOffset(2024, 12, 1, 0, 0, 0, TimeSpan.Zero);
Report report = await lake.GetReportAsync("report1", from: from, channel: ["CHAT", "EMAIL"], min_position: sent.Token, limit: 1);
ReportRow row = report.Rows.Single();
Console.WriteLine($"{report.Columns.First().Type} {row.Date:yyyy-MM-dd} {row.Channel} {row.Total} CREATED {row.AdditionalProperties["CREATED"]} of {report.Rows_in_all}");
row = (await lake.GetReportAsync("report2", user: [8], top: 10)).Rows.Single();
Console.WriteLine($"{row.User_id} {row.Iterations} EMAIL {row.AdditionalProperties["EMAIL"]}");

MessageCopy copy = (await lake.GetMessageAsync("ä/→")).Copies.Single();
Console.WriteLine($"{copy.Outcome} {copy.Timestamp:yyyy-MM-dd'T'HH:mm:ssK} {copy.Value}");
copy = (await lake.FindMessageAsync("b")).Copies.Single();
Console.WriteLine($"{copy.Outcome} {copy.Date:yyyy-MM-dd} {copy.Value}");

Ledger ledger = await lake.GetLedgerAsync();
Console.WriteLine($"{ledger.Total.Bronze} {ledger.Total.Closes} {ledger.Dates.Single().Messages}");
Console.WriteLine($"{(await lake.GetStatusAsync()).Applied} applied");
QuarantineRecord record = (await lake.GetQuarantineAsync(limit: 1)).Records.Single();
Console.WriteLine($"{record.Record} {record.Code}");
Console.WriteLine((await lake.GetMetricsAsync()).Contains("orleanslake_ledger_bronze 2"));
Console.WriteLine(((JsonElement)await lake.GetDescriptionAsync()).GetProperty("openapi"));

await lake.SetMappingAsync("one", new Mapping { Fields = new { timestamp = "ts" } });
Console.WriteLine($"{(await lake.GetMappingsAsync()).Mappings1.Single().Key} {((JsonElement)(await lake.GetMappingAsync("one")).Fields).GetProperty("timestamp")}");
await lake.HeadGetMappingsAsync();
await lake.HeadGetMappingAsync("one");
await lake.RemoveMappingAsync("one");

Source source = (await lake.GetSourcesAsync()).Sources1.Single();
await lake.HeadGetSourcesAsync();
await lake.PauseSourceAsync(source.Name);
await lake.ResumeSourceAsync(source.Name);
SourceMove move = (await lake.SeekSourceAsync(source.Name, offset: "earliest")).Partitions.Single();
Console.WriteLine($"{move.Topic} {move.From} {move.To}");

Sink sink = (await lake.GetSinksAsync()).Sinks1.Single();
await lake.HeadGetSinksAsync();
Console.WriteLine($"{sink.Name} {sink.Taken}");

EmbedToken token = await lake.CreateEmbedTokenAsync(new EmbedTokenRequest { Reports = new Dictionary<string, EmbedFilter> { ["report1"] = new() { Channel = ["CHAT"] } }, Expires_in = 600 });
foreach (FileResponse stream in (FileResponse[])[await lake.StreamReportAsync("report1"), await lake.StreamReportsAsync(["report1"], access_token: token.Token, report1_from: from)])
{
    using (stream)
    using (var reader = new StreamReader(stream.Stream))
    {
        string? line = await reader.ReadLineAsync();
        while (line?.StartsWith("event: ") == false)
        {
            line = await reader.ReadLineAsync();
        }

        Console.WriteLine(line);
    }
}

await lake.HeadGetAliveAsync();
await lake.HeadGetHealthAsync();
await lake.HeadGetMetricsAsync();
await lake.HeadGetDescriptionAsync();
await lake.HeadGetLedgerAsync();
await lake.HeadGetStatusAsync();
await lake.HeadGetQuarantineAsync();
await lake.HeadGetMessageAsync("b");
await lake.HeadFindMessageAsync("b");
await lake.HeadGetReportAsync("report1");
await lake.HeadStreamReportAsync("report1");
await lake.HeadStreamReportsAsync();
foreach (Func<Task> wrong in (Func<Task>[])[() => lake.GetReportAsync("report1", top: 0), () => lake.GetMessageAsync("nobody"), () => lake.SendMessagesAsync([messages[2]], strict: true)])
{
    try
    {
        await wrong();
    }
    catch (ApiException<Problem> e)
    {
        Console.WriteLine($"{e.StatusCode} {e.Result.Type} {e.Result.Errors?.Count ?? 0}");
    }
}

internal sealed class Calls() : DelegatingHandler(new HttpClientHandler())
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Console.WriteLine($"> {request.Method} {request.RequestUri!.AbsolutePath}");
        return base.SendAsync(request, cancellationToken);
    }
}
