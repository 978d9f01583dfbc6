using System.Text;
using OrleansLake.Client;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Samples;

/// <summary>The samples of webhooks, sent to a lake as those services send them, give the reports by their mappings.</summary>
public sealed class WebhookTests
{
    internal const string Form = "application/x-www-form-urlencoded";

    [Fact]
    public async Task SendGrids_events_are_messages()
    {
        await using ServerUnderTest server = await WithMappingAsync("sendgrid");
        await SendAsync(server, "sendgrid", "application/json; charset=utf-8", Read("sendgrid-events.json"));
        Assert.Equal(["date,channel,BOUNCE,CLICKED,OPEN,RECEIVED,SENT,total", "2024-12-16,EMAIL,2,1,1,1,1,6"], await LinesAsync(server, "report1.csv"));
        Assert.Equal(["user_id,iterations,EMAIL", "1001,4,4", "1002,1,1", "1003,1,1"], await LinesAsync(server, "report2.csv"));
    }

    [Fact]
    public async Task Twilios_callbacks_are_messages_at_the_time_of_their_receipt()
    {
        await using ServerUnderTest server = await WithMappingAsync("twilio");
        DateTimeOffset before = DateTimeOffset.UtcNow;
        foreach (string callback in Read("twilio-callbacks.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await SendAsync(server, "twilio", Form, callback);
        }

        string[] report = await LinesAsync(server, "report1.csv");
        Assert.Equal("date,channel,RECEIVED,SENT,UNDELIVERED,total", report[0]);
        Assert.EndsWith(",SMS,1,1,1,3", Assert.Single(report[1..]), StringComparison.Ordinal);
        MessageCopy[] copies = [.. (await server.NewClient().GetMessageAsync("SM00000000000000000000000000000001")).Copies];
        Assert.Equal(["+15005550006", "+15005550006"], copies.Select(copy => copy.Value));
        Assert.All(copies, copy => Assert.InRange(copy.Timestamp!.Value, before.AddSeconds(-1), DateTimeOffset.UtcNow));
    }

    [Fact]
    public async Task The_events_of_ses_within_the_messages_of_sns_are_messages()
    {
        await using ServerUnderTest server = await WithMappingAsync("ses");
        foreach (string notification in Read("ses-notifications.ndjson").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await SendAsync(server, "ses", "text/plain; charset=UTF-8", notification);
        }

        Assert.Equal(["date,channel,BOUNCE,CLICKED,OPEN,RECEIVED,SENT,total", "2024-12-16,EMAIL,1,1,1,1,1,5"], await LinesAsync(server, "report1.csv"));
        Assert.Equal(["user_id,iterations,EMAIL", "1001,4,4", "1002,1,1"], await LinesAsync(server, "report2.csv"));
        MessageLife life = await server.NewClient().GetMessageAsync("0107019400000001-00000000-0000-0000-0000-000000000001-000000");
        Assert.Equal(["2024-12-16T10:00:00.000Z", "2024-12-16T10:00:02.115Z", "2024-12-16T10:01:00.503Z", "2024-12-16T10:01:15.021Z"], life.Copies.Select(copy => $"{copy.Timestamp:yyyy-MM-ddTHH:mm:ss.fffZ}").Order());
    }

    [Fact]
    public void A_mapping_has_at_most_25_lines() =>
        Assert.All((string[])["sendgrid", "twilio", "ses"], name => Assert.InRange(Read(name + ".json").TrimEnd().Split('\n').Length, 1, 25));

    internal static string Read(string file) => File.ReadAllText(Path.Combine(Fixtures.Root, "samples", "webhooks", file));

    internal static async Task<string[]> LinesAsync(ServerUnderTest server, string report) =>
        (await server.Http.GetStringAsync($"/v1/reports/{report}")).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static async Task<ServerUnderTest> WithMappingAsync(string name)
    {
        ServerUnderTest server = await ServerUnderTest.StartAsync();
        await server.NewClient().SetMappingAsync(name, Read(name + ".json"));
        return server;
    }

    private static async Task SendAsync(ServerUnderTest server, string mapping, string type, string body)
    {
        using HttpResponseMessage answer = await server.PostAsync(Encoding.UTF8.GetBytes(body), $"?mapping={mapping}&wait=report&strict=true", type);
        Assert.True((int)answer.StatusCode == 200, await answer.Content.ReadAsStringAsync());
    }
}
