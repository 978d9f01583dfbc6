using System.CommandLine;
using OrleansLake.Cli.Output;
using OrleansLake.Cli.Results;
using OrleansLake.Engine;
using OrleansLake.Storage;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake bronze accept</c>: accepts that an external file is gone or has changed.</summary>
internal sealed class BronzeAcceptCommand : LakeCommand
{
    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Files that were ingested: names below bronze/messages/data, or paths; * and ? as in a shell",
        Arity = ArgumentArity.OneOrMore,
    };

    public BronzeAcceptCommand(Terminal terminal)
        : base("accept", "Accept that files which were ingested are gone or hold something else now.", terminal)
    {
        Arguments.Add(_files);
    }

    public override IReadOnlyList<string> Remarks =>
    [
        "Their rows stay in silver as they are, and `lake replay` copies them from there. What",
        "a file of that name holds now is a new file for the next `lake run`. The",
        "same bytes, put back or renamed, are known and not counted again. The command writes to",
        "the lake, so lake run, lake serve or the silos have to be stopped for it. Where one of",
        "several names is not known, none of them is accepted.",
    ];

    public override IReadOnlyList<string> Examples => ["lake bronze accept 2024-12-16.parquet", "lake bronze accept day=1/a.parquet day=1/b.parquet"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string path = GlobalOptions.PathOf(parsed);
        string[] files = parsed.GetValue(_files)!;
        await using Lake lake = await OpenAsync(path, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<AcceptedFile> accepted = await lake.AcceptExternalAsync([.. files.Select(file => NameOf(path, file))], cancellationToken).ConfigureAwait(false);
        foreach (AcceptedFile file in accepted)
        {
            Terminal.Error.WriteLine(DisplayWidth.Printable(ExternalFileText.Sentence(file)));
        }

        if (files.Length > 1 && accepted.All(static file => file.Outcome is AcceptOutcome.Unknown or AcceptOutcome.Refused))
        {
            Terminal.Error.WriteLine("lake: nothing was accepted.");
        }

        return accepted.Any(file => file.Outcome is AcceptOutcome.Unknown or AcceptOutcome.Refused) ? ExitCode.Failed : ExitCode.Done;
    }

    private static async Task<Lake> OpenAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await Lake.OpenAsync(new LakeOptions { Path = path }, cancellationToken).ConfigureAwait(false);
        }
        catch (LakeInUseException e) when (!e.IsOfSilos)
        {
            throw new LakeInUseException($"{e.Message}; stop it (`lake run` or `lake serve`), accept, and start it again", e);
        }
    }

    // A path that leads into the bronze folder names what is below it; any other text is such a name itself.
    private static string NameOf(string lake, string file)
    {
        string bronze = SystemPath.Full(Path.Join(lake, LakePaths.BronzeData)) + Path.DirectorySeparatorChar;
        string full = SystemPath.Full(file);
        string name = full.StartsWith(bronze, StringComparison.Ordinal) ? full[bronze.Length..] : file;
        return name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
    }
}
