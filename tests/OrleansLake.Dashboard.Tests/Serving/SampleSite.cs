using System.Diagnostics;
using System.Globalization;
using OrleansLake.TestSupport;

namespace OrleansLake.Dashboard.Tests.Serving;

/// <summary>samples/ReportInYourSite as it is started by hand: a site of another origin.</summary>
internal sealed class SampleSite : IAsyncDisposable
{
    private readonly Process _process;

    private SampleSite(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    internal Uri Address { get; }

    /// <summary>Starts it at a port of 127.0.0.1, with the secret of the lake's embed key.</summary>
    internal static async Task<SampleSite> StartAsync(int port, Uri lake, string secret, TimeSpan? tokenLifetime = null)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "ReportInYourSite.dll"), $"--Urls={address}", $"--Lake:Address={lake}", $"--Lake:Secret={secret}",
            $"--Lake:TokenLifetime={tokenLifetime ?? TimeSpan.FromMinutes(5):c}",
        ];
        var start = new ProcessStartInfo(LakeProcess.DotnetPath, arguments)
        {
            WorkingDirectory = Path.Combine(Fixtures.Root, "samples", "ReportInYourSite"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var http = new HttpClient();
        var patience = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await http.GetStringAsync(address);
                return new SampleSite(process, address);
            }
            catch (HttpRequestException) when (!process.HasExited && patience.Elapsed < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(50);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
