using System.CommandLine;
using OrleansLake.Cli.Output;
using OrleansLake.Cli.Results;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake bronze list</c>: each file that another program put into bronze, and what has become of it.</summary>
internal sealed class BronzeListCommand : LakeCommand
{
    private readonly FormatOption _format;
    private readonly Option<bool> _open = new("--open") { Description = "Only those that need attention: not what was ingested and not accepted, or not readable" };

    public BronzeListCommand(Terminal terminal)
        : base("list", "List the files that other programs put into bronze, and what has become of them.", terminal)
    {
        Options.Add(_open);
        _format = new FormatOption(this, OutputFormat.Table, OutputFormat.Table, OutputFormat.Csv, OutputFormat.Json, OutputFormat.Ndjson);
    }

    public override IReadOnlyList<string> Remarks =>
    [
        "A file is taken, new or refused; gone, changed, renamed or unreadable since it was",
        "ingested; accepted; or known, if its bytes are those of one that was accepted, so that",
        "it adds no rows. Links, pipes, devices and names that are not UTF-8 are left out. Names,",
        "lengths and times are looked at; `lake check` reads every byte. Rows and bytes are those",
        "that were ingested; a file that was not has the bytes of now. It takes no lock and",
        "shows what the newest commit knows. The exit code is 1 while there is a new file or a",
        "folder that may not be read.",
    ];

    public override IReadOnlyList<string> Examples => ["lake bronze list", "lake bronze list --open --format json"];

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        LakeReader reader = LakeReader.Open(GlobalOptions.PathOf(parsed));
        bool isOpenOnly = parsed.GetValue(_open);
        ExternalFile[] files = [.. reader.ExternalFiles().Where(file => !isOpenOnly || file.IsUnsettled || file.IsUnknown)];
        ExternalFileText.Write(files, _format.Of(parsed, Terminal), Terminal);
        Terminal.Error.WriteLine(ExternalFileText.Summary(files));
        return Task.FromResult(files.Any(static file => file.IsUnknown) ? ExitCode.Failed : ExitCode.Done);
    }
}
