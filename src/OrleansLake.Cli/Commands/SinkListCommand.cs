using System.CommandLine;
using OrleansLake.Cli.Output;
using OrleansLake.Cli.Results;
using OrleansLake.Client;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake sink list</c>: how far each sink is.</summary>
internal sealed class SinkListCommand : LakeCommand
{
    private readonly ServerOptions _server;
    private readonly FormatOption _format;

    public SinkListCommand(Terminal terminal)
        : base("list", "List the sinks that a server writes its reports to, with the position of each.", terminal)
    {
        _server = new ServerOptions(this, withKey: true);
        _format = new FormatOption(this, OutputFormat.Table, OutputFormat.Table, OutputFormat.Csv, OutputFormat.Json, OutputFormat.Ndjson);
    }

    public override IReadOnlyList<string> Examples => ["lake sink list", "lake sink list --url http://lake.example:5080", "lake sink list --format ndjson | jq .lag"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        IReadOnlyList<SinkStatus> sinks = await _server.AskAsync(parsed, client => client.GetSinksAsync(cancellationToken)).ConfigureAwait(false);
        OutputFormat format = _format.Of(parsed, Terminal);
        if (sinks.Count > 0 || format != OutputFormat.Table)
        {
            SinkText.Write(sinks, format, Terminal);
        }

        if (sinks.Count == 0)
        {
            Terminal.Error.WriteLine("The server writes to no sinks.");
        }

        return ExitCode.Done;
    }
}
