using System.CommandLine;
using System.Runtime.CompilerServices;
using OrleansLake.Cli.Output;
using OrleansLake.Server;
using OrleansLake.Server.Settings;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake serve</c>: messages in and reports out over HTTP, with the pipeline in the same process.</summary>
internal sealed class ServeCommand : LakeCommand
{
    private readonly ServeOptions _options;

    public ServeCommand(Terminal terminal)
        : base("serve", "Serve the lake over HTTP: messages in, reports out, live.", terminal) => _options = new ServeOptions(this);

    public override IReadOnlyList<string> Remarks =>
    [
        "The dashboard is at the address itself: http://127.0.0.1:5080 unless --urls says otherwise.",
        "On 127.0.0.1 without --keys nobody is asked for a key; beyond loopback it does not start",
        "without them. ctrl-C stops accepting messages, commits and stops.",
    ];

    public override IReadOnlyList<string> Examples =>
    [
        "lake serve",
        "curl -d @events.ndjson -H 'Content-Type: application/x-ndjson' http://127.0.0.1:5080/v1/messages",
        "curl http://127.0.0.1:5080/v1/reports/report1.csv",
    ];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        foreach (string line in _options.UnreadOf(parsed).Concat(_options.SeenOf(parsed)))
        {
            Terminal.Error.WriteLine($"lake: {DisplayWidth.Printable(line)}");
        }

        await ServeAsync(parsed, cancellationToken).ConfigureAwait(false);
        return ExitCode.Done;
    }

    // Apart, so that no other command loads the web server.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task ServeAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        // A file of keys may be a pipe: opening it waits for its writer.
        ServeSettings settings = await Task.Run(() => _options.SettingsOf(parsed), CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
        await LakeWebServer.RunAsync(
            settings with
            {
                Started = urls => Terminal.Error.WriteLine($"lake: listening on {string.Join(", ", urls)}; ctrl-C commits and stops."),
            },
            cancellationToken).ConfigureAwait(false);
    }
}
