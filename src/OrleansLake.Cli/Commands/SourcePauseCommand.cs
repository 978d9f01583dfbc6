using System.CommandLine;
using OrleansLake.Cli.Output;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake source pause</c> and <c>lake source resume</c>: a source is not read for a while.</summary>
internal sealed class SourcePauseCommand : LakeCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "The source's name, one of lake source list" };

    private readonly ServerOptions _server;
    private readonly bool _isPause;

    public SourcePauseCommand(Terminal terminal, bool isPause)
        : base(isPause ? "pause" : "resume", isPause ? "Pause a source; it stays paused when the server is started again." : "Let a source go on.", terminal)
    {
        _isPause = isPause;
        Arguments.Add(_name);
        _server = new ServerOptions(this, withKey: true, "admin");
    }

    public override IReadOnlyList<string> Examples => [$"lake source {(_isPause ? "pause" : "resume")} kafka:messages"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string name = parsed.GetValue(_name)!;
        await _server.AskAsync(parsed, async client =>
        {
            await client.SetPausedAsync(name, _isPause, cancellationToken).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
        Terminal.Error.WriteLine(_isPause ? $"{name} is paused." : $"{name} goes on.");
        return ExitCode.Done;
    }
}
