// An application of your own that has a lake inside: its code sends messages and reads reports without a network between,
// and its users get the API and the dashboard at the paths that it chooses.
//
//   dotnet run --project samples/LakeInYourApp
//   curl -X POST 'http://127.0.0.1:5090/newsletters/42/opened?user=1001'
//   curl http://127.0.0.1:5090/channels          and in a browser: http://127.0.0.1:5090/lake/dashboard/

using System.Buffers;
using System.Text;
using System.Text.Json;
using OrleansLake.Client;
using OrleansLake.Server;

// Around all of it: what is wrong with a setting is thrown where the application is built, and what becomes of the lake where it runs.
try
{
    Build(args).Run();
    return 0;
}
catch (Exception e) when (OrleansLakeFailures.IsExplained(e))
{
    // A setting, a lake that another process has, or one that was lost: what to do is in the message.
    Console.Error.WriteLine(e.Message);
    return 1;
}

static WebApplication Build(string[] args)
{
    WebApplicationBuilder builder = WebApplication.CreateBuilder(args);

    // Its settings are in appsettings.json under "OrleansLake", or are given here.
    builder.Services.AddOrleansLake();

    WebApplication app = builder.Build();

    // All of it below a path of its own. An application with users adds .RequireAuthorization(...) to the group.
    RouteGroupBuilder lakeRoutes = app.MapGroup("/lake");
    lakeRoutes.MapOrleansLake();
    lakeRoutes.MapOrleansLakeDashboard("/dashboard");

    app.MapPost("/newsletters/{id}/opened", async (string id, int user, ILakeClient lake, TimeProvider clock, CancellationToken cancellationToken) =>
    {
        byte[] message = JsonSerializer.SerializeToUtf8Bytes(new
        {
            timestamp = clock.GetUtcNow(),
            event_type = "OPEN",
            message_id = $"{id}-{user}",
            channel = "EMAIL",
            user_id = user,
        });

        // The same opening told twice counts once, whatever became of the first answer: of all messages with the same id, event
        // type and channel the earliest counts. An idempotency key is for a body that is repeated byte for byte; this has the time.
        SendOptions options = new() { WaitForReports = true };
        SendResult result = await lake.SendAsync(new ReadOnlySequence<byte>(message), options, cancellationToken);
        return result.Status == SendStatus.Stored ? Results.Accepted(value: new { position = result.Position?.ToString() }) : Results.Problem(result.Detail);
    });

    app.MapGet("/channels", async (ILakeClient lake, CancellationToken cancellationToken) =>
    {
        ReportSnapshot report = await lake.GetReportAsync(new ReportQuery { Report = "report1" }, cancellationToken);
        var totals = new SortedDictionary<string, long>(StringComparer.Ordinal);
        for (int row = 0; row < report.Table.RowCount; row++)
        {
            string channel = report.Table.Texts(1).IsNull(row) ? "null" : Encoding.UTF8.GetString(report.Table.Texts(1)[row]);
            totals[channel] = totals.GetValueOrDefault(channel) + report.Table.Totals[row];
        }

        return new { position = report.Position.ToString(), totals };
    });

    return app;
}
