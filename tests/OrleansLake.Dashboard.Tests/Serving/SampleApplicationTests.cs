using System.Diagnostics;
using System.Net;
using System.Text.Json;
using OrleansLake.TestSupport;

namespace OrleansLake.Dashboard.Tests.Serving;

/// <summary>samples/LakeInYourApp as it is started by hand.</summary>
public class SampleApplicationTests
{
    private const string Listening = "Now listening on: ";

    [Fact]
    public async Task The_same_opening_told_twice_counts_once_and_that_of_another_user_counts_too()
    {
        using var scratch = new ScratchFolder();
        using Process process = Start(scratch["lake"]);
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri(await AddressAsync(process)) };
            foreach ((int user, long counted) in ((int, long)[])[(1001, 1), (1001, 1), (1002, 2), (1001, 2)])
            {
                HttpResponseMessage told = await http.PostAsync($"/newsletters/42/opened?user={user}", content: null);
                Assert.Equal(HttpStatusCode.Accepted, told.StatusCode);
                using JsonDocument channels = JsonDocument.Parse(await http.GetStringAsync("/channels"));
                Assert.Equal(counted, channels.RootElement.GetProperty("totals").GetProperty("EMAIL").GetInt64());
            }
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_ends_it_with_one_line()
    {
        using Process process = Start("/sys/lake");
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("OrleansLake:Path", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private static Process Start(string lake) => Process.Start(
        new ProcessStartInfo(LakeProcess.DotnetPath, [Path.Combine(AppContext.BaseDirectory, "LakeInYourApp.dll"), "--Urls=http://127.0.0.1:0", $"--OrleansLake:Path={lake}"])
        {
            WorkingDirectory = Path.Combine(Fixtures.Root, "samples", "LakeInYourApp"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static async Task<string> AddressAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            int at = line.IndexOf(Listening, StringComparison.Ordinal);
            if (at >= 0)
            {
                return line[(at + Listening.Length)..].Trim();
            }
        }

        throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
    }
}
