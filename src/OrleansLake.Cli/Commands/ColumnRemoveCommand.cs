using System.CommandLine;
using OrleansLake.Cli.Output;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake column remove</c>: has a column that was added no longer.</summary>
internal sealed class ColumnRemoveCommand : LakeCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "The column's name" };

    public ColumnRemoveCommand(Terminal terminal)
        : base("remove", "Have a column that was added no longer.", terminal) => Arguments.Add(_name);

    public override IReadOnlyList<string> Remarks =>
    [
        "New files lack it; those that have it stay as they are, of silver until `lake replay`.",
        "Its values stay in attributes. Nobody may run the lake meanwhile.",
    ];

    public override IReadOnlyList<string> Examples => ["lake column remove plan"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await LakeColumns.RemoveAsync(new LakeOptions { Path = GlobalOptions.PathOf(parsed) }, parsed.GetValue(_name)!).ConfigureAwait(false);
        Terminal.Error.WriteLine($"New files lack the column {parsed.GetValue(_name)}; `lake replay` rewrites silver without it.");
        return ExitCode.Done;
    }
}
