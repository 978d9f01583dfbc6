using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLake.Client;
using OrleansLake.Client.Orleans;
using OrleansLake.Grains;

if (!ushort.TryParse(args.FirstOrDefault("30000"), out ushort gatewayPort))
{
    Console.Error.WriteLine($"'{args[0]}' is not the port of a silo's gateway.");
    return 2;
}

HostApplicationBuilder builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning); // Orleans logs all of its options at Information.
builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None).AddFilter("Orleans", LogLevel.None); // What ends the start is reported below.
builder.AddOrleansLakeCluster(silos => silos.UseLocalhostClustering(gatewayPort: gatewayPort, serviceId: "lake", clusterId: "lake"));
using IHost app = builder.Build();
using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20)); // Orleans asks for minutes, which fits a service that starts with its silos.
try
{
    await app.StartAsync(patience.Token);
}
catch (Exception e)
{
    Console.Error.WriteLine($"No silo lets this program in: {(patience.IsCancellationRequested ? "none has answered for 20 s." : e.Message)}");
    return 1;
}

ILakeClient lake = app.Services.GetRequiredService<ILakeClient>();

// Stored once, however often it is sent under its key; durable when it returns, and here in the reports as well.
byte[] lines = Encoding.UTF8.GetBytes("""
    {"timestamp":"2024-12-16T10:10:01Z","event_type":"CREATED","message_id":"123","channel":"CHAT","user_id":7}
    {"timestamp":"2024-12-15T07:56:45Z","event_type":"CREATED","message_id":"123","channel":"CHAT","user_id":7}
    """);
SendResult sent = await lake.SendAsync(new(lines), new SendOptions { IdempotencyKey = "first", WaitForReports = true });
Console.WriteLine($"stored {sent.Accepted + sent.Duplicates}, counted as of {sent.Position}");

// A report, a message, and the grain that keeps one row.
ReportSnapshot users = await lake.GetReportAsync(new ReportQuery { Report = "report2", Filter = new ReportFilter { Top = 10 }, MinPosition = sent.Position });
Console.WriteLine($"{users.RowsInAll} users");
foreach (MessageCopy copy in (await lake.GetMessageAsync("123")).Copies)
{
    Console.WriteLine($"{copy.Timestamp:O} {copy.EventType}: {copy.Outcome}");
}

IGrainFactory grains = app.Services.GetRequiredService<IGrainFactory>();
ChannelDayResponse row = await grains.GetChannelDay(new DateOnly(2024, 12, 15), "CHAT").GetAsync();
Console.WriteLine($"CHAT on 2024-12-15: {row.Total}");

// Live: a snapshot, then what changes.
await foreach (LiveUpdate update in lake.WatchAsync(new LiveQuery { Reports = [new LiveReportQuery("report1", ReportFilter.None)] }))
{
    Console.WriteLine($"report 1 as of {update.Position}");
    break;
}

await app.StopAsync();
return 0;
