// An application that has OrleansLake by its packages alone: a lake inside, and a client that reaches it over HTTP.
using System.Buffers;
using System.Text;
using OrleansLake.Client;
using OrleansLake.Server;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddOrleansLake(options => options.Path = args[0]);
await using WebApplication app = builder.Build();
app.MapOrleansLake();
app.MapOrleansLakeDashboard("/dashboard");
await app.StartAsync();

ILakeClient inside = app.Services.GetRequiredService<ILakeClient>();
byte[] lines = Encoding.UTF8.GetBytes("""
    {"timestamp":"2024-12-16T10:10:01Z","event_type":"CREATED","message_id":"1","channel":"CHAT","user_id":7}
    {"timestamp":"2024-12-16T10:10:02Z","event_type":"SENT","message_id":"1","channel":"CHAT","user_id":7}
    """);
SendResult sent = await inside.SendAsync(new ReadOnlySequence<byte>(lines), new SendOptions { IdempotencyKey = "first", WaitForReports = true });
Console.WriteLine($"{sent.Status}: {sent.Accepted}");

using (var http = new HttpClient())
{
    var address = new LakeHttpOptions { BaseAddress = new Uri(app.Urls.Single()) };
    ILakeClient outside = new HttpLakeClient(HttpLakeClient.Configure(http, address), address);
    await using (var producer = new LakeProducer(outside))
    {
        await producer.WriteAsync(new LakeMessage("2", new DateTimeOffset(2024, 12, 16, 10, 10, 3, TimeSpan.Zero), "CREATED", "SMS", UserId: 8));
    }

    // What comes later and is in the reports shows that what came before it is, too.
    SendResult again = await outside.SendAsync(new ReadOnlySequence<byte>(lines), new SendOptions { IdempotencyKey = "second", WaitForReports = true });
    ReportSnapshot report = await outside.GetReportAsync(new ReportQuery { Report = "report1", MinPosition = again.Position });
    LakeLedger ledger = await outside.GetLedgerAsync();
    Console.WriteLine($"{report.Table.GrandTotal} counted, {ledger.Total.Bronze} stored");
    Console.WriteLine($"dashboard {(int)(await http.GetAsync("/dashboard/")).StatusCode}");
}

await app.StopAsync();
