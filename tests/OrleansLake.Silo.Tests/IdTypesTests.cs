using System.Text;
using System.Text.Json;
using OrleansLake.Engine;
using OrleansLake.TestSupport;

namespace OrleansLake.Silo.Tests;

/// <summary>Silos of a lake whose users and countries are texts.</summary>
public sealed class IdTypesTests : IDisposable
{
    private const string NoCountries = "country,country_id\n";
    private const int Messages = 100;

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_silo_that_was_killed_has_users_that_are_texts_again_from_snapshots_and_the_log()
    {
        string http = $"http://127.0.0.1:{FreePort.Take()}";
        (string, string)[] settings = [("Lake__UserId", "text"), ("Lake__CountryId", "text"), ("Lake__CountriesFile", _folder.Write("countries.csv", "country,country_id\nGermany,DE\n"))];
        using var client = new HttpClient { BaseAddress = new Uri(http) };
        string before;
        await using (SiloProcess first = SiloProcess.BeginAlone(_folder["lake"], http, [.. settings, ("Lake__TriggerMs", "100")]))
        {
            await first.StartedAsync();
            Assert.Contains("time zone UTC, user_id text, country_id text", first.Output, StringComparison.Ordinal);
            await SendAsync(client, 0);
            await PublishedAsync(client);
            await first.KillAsync();
        }

        await using (SiloProcess second = SiloProcess.BeginAlone(_folder["lake"], http, ("Lake__TriggerMs", "600000")))
        {
            await second.StartedAsync();
            Assert.Equal(Expected("user-1", Messages / 10), await UserAsync(client, "user-1"));

            // Behind the snapshots, in the log alone; some of it again.
            await SendAsync(client, Messages / 2);
            before = await client.GetStringAsync(Uri("v1/reports/report2.ndjson"));
            await second.KillAsync();
        }

        await using SiloProcess third = SiloProcess.BeginAlone(_folder["lake"], http);
        await third.StartedAsync();
        Assert.Equal(before, await client.GetStringAsync(Uri("v1/reports/report2.ndjson")));
        Assert.Equal(Expected("user-1", Messages * 3 / 20), await UserAsync(client, "user-1"));
        using JsonDocument life = JsonDocument.Parse(await client.GetStringAsync(Uri("v1/messages/m149")));
        Assert.Equal(("user-9", "DE"), (Only(life, "user_id"), Only(life, "country_id")));
        Assert.Equal(0, await third.TerminateAsync());
        CheckResult check = LakeReader.Open(_folder["lake"]).CheckDeep(2);
        Assert.True(check.Passed, string.Join('\n', check.Findings.Where(static finding => !finding.IsRight)));
    }

    [Fact]
    public async Task A_mapping_is_read_by_the_types_of_the_lake_and_other_types_are_refused_in_one_line()
    {
        string mapping = _folder.Write("mapping.json", """{"fields":{"user_id":{"constant":"nobody"}}}""");
        await using (SiloProcess none = SiloProcess.BeginAlone(_folder["lake"], null, ("Lake__MappingFile", mapping)))
        {
            Assert.Equal(2, await none.EndedAsync());
            Assert.Contains("nobody", Assert.Single(none.Lines), StringComparison.Ordinal);
        }

        await using (SiloProcess maker = SiloProcess.BeginAlone(_folder["lake"], null, ("Lake__MappingFile", mapping), ("Lake__UserId", "text")))
        {
            await maker.StartedAsync();
            Assert.Equal(0, await maker.TerminateAsync());
        }

        await using (SiloProcess other = SiloProcess.BeginAlone(_folder["lake"], null, ("Lake__MappingFile", mapping), ("Lake__UserId", "int64")))
        {
            Assert.Equal(2, await other.EndedAsync());
            Assert.Equal("Lake:UserId is int64, and the lake's is text, which was fixed when it was created: leave the setting out.", Assert.Single(other.Lines));
        }

        await using (SiloProcess other = SiloProcess.BeginAlone(_folder["lake"], null, ("Lake__CountryId", "text"), ("Lake__CountriesFile", _folder.Write("countries.csv", NoCountries))))
        {
            Assert.Equal(2, await other.EndedAsync());
            Assert.Equal("Lake:CountryId is text, and the lake's is int32, which was fixed when it was created: leave the setting out.", Assert.Single(other.Lines));
        }

        // The settings need not repeat what the lake is.
        await using SiloProcess again = SiloProcess.BeginAlone(_folder["lake"], null, ("Lake__MappingFile", mapping));
        await again.StartedAsync();
        Assert.Equal(0, await again.TerminateAsync());
    }

    private static string Expected(string user, int count) => $$"""{"user_id":"{{user}}","iterations":{{count}},"SMS":{{count}}}""" + "\n";

    private static Task<string> UserAsync(HttpClient client, string user) => client.GetStringAsync(Uri($"v1/reports/report2.ndjson?user={user}"));

    private static string? Only(JsonDocument life, string name) => life.RootElement.GetProperty("copies")[0].GetProperty(name).GetString();

    private static async Task SendAsync(HttpClient client, int first)
    {
        string lines = string.Concat(Enumerable.Range(first, Messages).Select(static i =>
            $$"""{"timestamp":"2024-12-16T10:00:00Z","event_type":"SENT","channel":"SMS","message_id":"m{{i}}","country_id":"DE","user_id":"user-{{i % 10}}"}""" + "\n"));
        using var body = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage answer = await client.PostAsync(Uri("v1/messages?wait=report"), body);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode && text.Contains($"\"accepted\":{Messages}", StringComparison.Ordinal), text);
    }

    private static async Task PublishedAsync(HttpClient client)
    {
        using var tooLong = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            using JsonDocument status = JsonDocument.Parse(await client.GetStringAsync(Uri("v1/status"), tooLong.Token));
            if (status.RootElement.GetProperty("published").GetInt64() == Messages)
            {
                return;
            }

            await Task.Delay(50, tooLong.Token);
        }
    }

    private static Uri Uri(string path) => new(path, UriKind.Relative);
}
