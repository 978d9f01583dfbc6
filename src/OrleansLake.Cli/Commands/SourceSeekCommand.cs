using System.CommandLine;
using System.Globalization;
using OrleansLake.Cli.Hosting;
using OrleansLake.Cli.Output;
using OrleansLake.Client;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake source seek</c>: partitions are read from another offset.</summary>
internal sealed class SourceSeekCommand : LakeCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "The source's name, one of lake source list" };
    private readonly Argument<string> _offset = new("OFFSET") { Description = "earliest, latest, or the offset of one partition" };
    private readonly Option<string?> _topic = new("--topic") { Description = "This topic only", HelpName = "TOPIC" };
    private readonly Option<int?> _partition = new("--partition") { Description = "This partition only", HelpName = "NUMBER" };

    private readonly ServerOptions _server;

    public SourceSeekCommand(Terminal terminal)
        : base("seek", "Read partitions from another offset, those that a gap has stopped, too.", terminal)
    {
        Arguments.Add(_name);
        Arguments.Add(_offset);
        Options.Add(_topic);
        Options.Add(_partition);
        _server = new ServerOptions(this, withKey: true, "admin");
    }

    public override IReadOnlyList<string> Remarks => ["What is read again is in bronze again; reports count a message once by its id."];

    public override IReadOnlyList<string> Examples => ["lake source seek kafka:messages earliest --partition 3", "lake source seek kafka:messages 4711 --partition 3", "lake source seek kafka:messages latest"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string to = parsed.GetValue(_offset)!;
        SourceSeek seek = new SourceSeek(parsed.GetValue(_name)!) { Topic = parsed.GetValue(_topic), Partition = parsed.GetValue(_partition) }.To(to)
            ?? throw new UsageException($"'{to}' is neither earliest nor latest nor an offset.");
        foreach (SourceMove move in await _server.AskAsync(parsed, client => client.SeekAsync(seek, cancellationToken)).ConfigureAwait(false))
        {
            string what = move.To > move.From ? $"{Figures.Count(move.To - move.From, "offset")} passed over"
                : move.To < move.From ? $"{Figures.Count(move.From - move.To, "offset")} read again: bronze has their messages again, reports count each once by its id" : "where it was";
            Terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{move.Topic}/{move.Number} is read from offset {move.To} on, and not from {move.From}: {what}."));
        }

        return ExitCode.Done;
    }
}
