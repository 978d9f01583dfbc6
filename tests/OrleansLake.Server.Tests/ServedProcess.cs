using System.Text.RegularExpressions;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests;

/// <summary><c>lake serve</c> as a process of its own, as a user starts it, at a free port.</summary>
internal sealed partial class ServedProcess : IDisposable
{
    private ServedProcess(LakeProcess process, Uri address)
    {
        Process = process;
        Address = address;
        Http = new HttpClient { BaseAddress = address };
    }

    internal LakeProcess Process { get; }

    internal Uri Address { get; }

    internal HttpClient Http { get; }

    internal static ServedProcess Start(string lake, IReadOnlyDictionary<string, string?>? environment = null, params string[] options)
    {
        string[] url = options.Contains("--urls") ? [] : ["--urls", "http://127.0.0.1:0"];
        var process = LakeProcess.Start(new LakeCall(["serve", "--lake", lake, "--no-fsync", .. url, .. options])
        {
            Environment = environment ?? new Dictionary<string, string?>(),
            Timeout = TimeSpan.FromMinutes(4),
        });
        process.WaitUntil(one => Listening().IsMatch(one.ErrorSoFar), "it listens");
        return new ServedProcess(process, new Uri(Listening().Match(process.ErrorSoFar).Groups[1].Value));
    }

    public void Dispose()
    {
        Http.Dispose();
        Process.Dispose();
    }

    [GeneratedRegex("listening on (http://[^,;]+)[,;]")]
    private static partial Regex Listening();
}
