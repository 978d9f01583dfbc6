using System.CommandLine;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OrleansLake.Cli.Output;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake health</c>: whether a server takes messages; for scripts and for what starts services.</summary>
internal sealed class HealthCommand : LakeCommand
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);

    private readonly ServerOptions _server;
    private readonly ParsedOption<TimeSpan?> _wait = ParsedOption.Duration("--wait", "Wait until it is healthy, so long at most (30s by default)");

    public HealthCommand(Terminal terminal)
        : base("health", "Check whether a server is healthy.", terminal)
    {
        _server = new ServerOptions(this, withKey: false);
        _wait.Arity = ArgumentArity.ZeroOrOne;
        Options.Add(_wait);
    }

    public override IReadOnlyList<string> Remarks => ["Prints what the server says of itself, and ends with 0 if it is healthy, else with 5."];

    public override IReadOnlyList<string> Examples => ["lake health", "lake serve & lake health --wait && curl http://127.0.0.1:5080/v1/ledger", "lake health --url http://lake:5080 --wait 2m"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        TimeSpan? wait = parsed.GetResult(_wait) is null ? null : _wait.Of(parsed) ?? WaitMax;
        string state = await PollAsync(_server.AddressOf(parsed), wait, cancellationToken).ConfigureAwait(false);
        Terminal.Out.WriteLine(state);
        return state == "healthy" ? ExitCode.Done : ExitCode.Environment;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<string> PollAsync(Uri address, TimeSpan? wait, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = address, Timeout = AnswerMax };
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            string state = await AskAsync(http, cancellationToken).ConfigureAwait(false);
            if (state == "healthy" || wait is not { } max || Stopwatch.GetElapsedTime(started) >= max)
            {
                return state;
            }

            await Task.Delay(Rest, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<string> AskAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await http.GetAsync(new Uri("health", UriKind.Relative), cancellationToken).ConfigureAwait(false);
            using JsonDocument json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("status", out JsonElement status)
                && status.ValueKind == JsonValueKind.String ? status.GetString()! : "unknown";
        }
        catch (HttpRequestException)
        {
            return "unreachable";
        }
        catch (JsonException)
        {
            return "unknown";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "silent";
        }
    }
}
