using System.CommandLine;
using OrleansLake.Cli.Hosting;
using OrleansLake.Cli.Output;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake column keep</c>: what is kept from now on of records beside the columns of a message.</summary>
internal sealed class ColumnKeepCommand : LakeCommand
{
    private readonly Argument<string> _fields = new("FIELDS") { Description = "attributes, source, or both with a comma between" };

    public ColumnKeepCommand(Terminal terminal)
        : base("keep", "Keep more of records from now on.", terminal) => Arguments.Add(_fields);

    public override IReadOnlyList<string> Remarks =>
    [
        "attributes: the fields that no column takes, as JSON; source: where each record came",
        "from (the columns source and source_offset). They are columns of bronze and silver from",
        "the next message on; rows that the lake has stay as they are. What is not named is not",
        "kept any longer. Nobody may run the lake meanwhile; silos must be stopped.",
    ];

    public override IReadOnlyList<string> Examples => ["lake column keep attributes,source"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        KeptFields fields = KeepNames.Parse(parsed.GetValue(_fields)!, out string? error);
        if (error is not null)
        {
            throw new UsageException($"{error}.");
        }

        await LakeColumns.KeepAsync(new LakeOptions { Path = GlobalOptions.PathOf(parsed) }, fields).ConfigureAwait(false);
        Terminal.Error.WriteLine($"Kept from the next message on: {(fields == KeptFields.None ? "nothing beside the columns of a message" : KeptFieldNames.Text(fields))}.");
        return ExitCode.Done;
    }
}
