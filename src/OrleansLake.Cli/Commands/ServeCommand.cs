using System.CommandLine;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OrleansLake.Cli.Hosting;
using OrleansLake.Engine;
using OrleansLake.Server;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake serve</c>: messages in and reports out over HTTP, with the pipeline in the same process.</summary>
internal sealed class ServeCommand : LakeCommand
{
    private readonly Option<string> _urls = new("--urls")
    {
        Description = "Where to listen; several with ; between",
        HelpName = "URLS",
        DefaultValueFactory = _ => ServeSettings.DefaultUrl,
    };

    private readonly Option<FileInfo?> _keys = new("--keys") { Description = "The file with the keys (see lake key)", HelpName = "FILE" };
    private readonly Option<string[]> _hosts = new("--allowed-hosts") { Description = "Names under which it is called, if not those of loopback", HelpName = "HOST", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> _origins = new("--allow-origin") { Description = "A site whose pages may read, such as https://example.com", HelpName = "ORIGIN" };
    private readonly Option<FileInfo?> _embedKeys = new("--embed-keys") { Description = "The file with the keys that sign embed tokens (see lake embed-key)", HelpName = "FILE" };
    private readonly Option<string[]> _ancestors = new("--frame-ancestor") { Description = "A site whose pages may show reports in a frame", HelpName = "ORIGIN" };
    private readonly Option<Uri?> _source = ParsedOption.Of<Uri?>("--source", "A RabbitMQ queue to take messages from, too", "URI", ParseSource);
    private readonly Option<bool> _quiet = new("--quiet") { Description = "Log warnings and errors only" };
    private readonly LakeMakingOptions _making;

    public ServeCommand(Terminal terminal)
        : base("serve", "Serve the lake over HTTP: messages in, reports out, live.", terminal)
    {
        Options.Add(_urls);
        Options.Add(_keys);
        Options.Add(_hosts);
        Options.Add(_origins);
        Options.Add(_embedKeys);
        Options.Add(_ancestors);
        Options.Add(_source);
        Options.Add(_quiet);
        _making = new LakeMakingOptions(this, withTrigger: true);
    }

    public override IReadOnlyList<string> Remarks =>
    [
        "The dashboard is at the address itself: http://127.0.0.1:5080 unless --urls says otherwise.",
        "On 127.0.0.1 without --keys nobody is asked for a key; beyond loopback it does not start",
        "without them. ctrl-C takes no more messages, commits and stops.",
    ];

    public override IReadOnlyList<string> Examples =>
    [
        "lake serve",
        "curl -d @events.ndjson -H 'Content-Type: application/x-ndjson' http://127.0.0.1:5080/v1/messages",
        "curl http://127.0.0.1:5080/v1/reports/report1.csv",
    ];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await ServeAsync(parsed, cancellationToken).ConfigureAwait(false);
        return ExitCode.Done;
    }

    // Apart, so that no other command loads the web server.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task ServeAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        LakeOptions lake = _making.ToLakeOptions(parsed, GlobalOptions.PathOf(parsed));
        IReadOnlyList<LakeApiKey> keys = parsed.GetValue(_keys) is { } file ? KeyFile.Read(file.FullName) : [];
        IReadOnlyList<EmbedKey> embedKeys = parsed.GetValue(_embedKeys) is { } embedFile ? EmbedKeyFile.Read(embedFile.FullName) : [];
        ServeSettings settings = new()
        {
            Urls = parsed.GetValue(_urls)!.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            AllowedHosts = parsed.GetValue(_hosts) ?? [],
            LogLevel = parsed.GetValue(_quiet) ? LogLevel.Warning : LogLevel.Information,
            Source = parsed.GetValue(_source),
            Started = urls => Terminal.Error.WriteLine($"lake: listening on {string.Join(", ", urls)}; ctrl-C commits and stops."),
            Configure = options =>
            {
                options.Path = lake.Path;
                options.Trigger = lake.Trigger;
                options.TimeZone = lake.TimeZone;
                options.CountriesFile = lake.CountriesFile;
                options.Threads = lake.Threads;
                options.IsDurable = lake.IsDurable;
                foreach (LakeApiKey key in keys)
                {
                    options.Keys.Add(key);
                }

                foreach (string origin in parsed.GetValue(_origins) ?? [])
                {
                    options.AllowedOrigins.Add(origin);
                }

                foreach (EmbedKey key in embedKeys)
                {
                    options.Embed.Keys.Add(key);
                }

                foreach (string ancestor in parsed.GetValue(_ancestors) ?? [])
                {
                    options.Embed.FrameAncestors.Add(ancestor);
                }
            },
        };
        return LakeWebServer.RunAsync(settings, cancellationToken);
    }

    private static Uri? ParseSource(string text, out string? error)
    {
        bool isRight = Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "rabbitmq" or "amqp" or "amqps";
        error = isRight ? null : "expected a URI such as rabbitmq://guest:guest@localhost:5672/?queue=messages";
        return uri;
    }
}
