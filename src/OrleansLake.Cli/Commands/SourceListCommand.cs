using System.CommandLine;
using OrleansLake.Cli.Output;
using OrleansLake.Cli.Results;
using OrleansLake.Client;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake source list</c>: how far each partition of each source is.</summary>
internal sealed class SourceListCommand : LakeCommand
{
    private readonly ServerOptions _server;
    private readonly FormatOption _format;

    public SourceListCommand(Terminal terminal)
        : base("list", "List the topics that a server reads, with the position of each partition.", terminal)
    {
        _server = new ServerOptions(this, withKey: true);
        _format = new FormatOption(this, OutputFormat.Table, OutputFormat.Table, OutputFormat.Csv, OutputFormat.Json, OutputFormat.Ndjson);
    }

    public override IReadOnlyList<string> Examples => ["lake source list", "lake source list --url http://lake.example:5080", "lake source list --format ndjson | jq .lag"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        IReadOnlyList<SourceStatus> sources = await _server.AskAsync(parsed, client => client.GetSourcesAsync(cancellationToken)).ConfigureAwait(false);
        OutputFormat format = _format.Of(parsed, Terminal);
        if (sources.Count > 0 || format != OutputFormat.Table)
        {
            SourceText.Write(sources, format, Terminal);
        }

        if (sources.Count == 0)
        {
            Terminal.Error.WriteLine("The server reads no topics.");
        }

        return ExitCode.Done;
    }
}
