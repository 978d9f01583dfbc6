using System.CommandLine;
using System.Globalization;
using OrleansLake.Cli.Output;
using OrleansLake.Client;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake source list</c>: how far each partition of each source is.</summary>
internal sealed class SourceListCommand : LakeCommand
{
    private static readonly TextColumnHeader[] Columns =
    [
        new("source", false), new("topic", false), new("partition", true), new("position", true), new("end", true), new("lag", true), new("behind", true), new("state", false),
    ];

    private readonly ServerOptions _server;

    public SourceListCommand(Terminal terminal)
        : base("list", "List the topics that a server reads, with the position of each partition.", terminal)
    {
        _server = new ServerOptions(this, withKey: true);
    }

    public override IReadOnlyList<string> Examples => ["lake source list", "lake source list --url http://lake.example:5080"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        IReadOnlyList<SourceStatus> sources = await _server.AskAsync(parsed, client => client.GetSourcesAsync(cancellationToken)).ConfigureAwait(false);
        if (sources.Count == 0)
        {
            Terminal.Error.WriteLine("The server reads no topics.");
            return ExitCode.Done;
        }

        DrawnTables.Write(Terminal, new TextTable(Columns, [.. sources.SelectMany(Rows)]));
        return ExitCode.Done;
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(SourceStatus source)
    {
        string state = source.IsPaused ? "paused" : source.Trouble is { } trouble ? $"not read: {trouble}" : "read";
        return source.Partitions.Count == 0 ? [[source.Name, "", "", "", "", "", "", state]] : source.Partitions.Select(partition => (IReadOnlyList<string>)
        [
            source.Name, partition.Topic, Number(partition.Number), Number(partition.Position), Number(partition.End), Number(partition.Lag),
            partition.LagTime > TimeSpan.Zero ? Figures.Time(partition.LagTime) : "", partition.Stopped is { } reason ? $"stopped: {reason}" : state,
        ]);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
