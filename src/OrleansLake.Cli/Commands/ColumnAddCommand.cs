using System.CommandLine;
using OrleansLake.Cli.Hosting;
using OrleansLake.Cli.Output;
using OrleansLake.Core.Columns;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake column add</c>: makes a column of what is in the attributes.</summary>
internal sealed class ColumnAddCommand : LakeCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "What the column is called: a to z, 0 to 9 and _" };
    private readonly Argument<string> _type = new("TYPE") { Description = "string, int64, double, boolean or timestamp" };
    private readonly Option<string> _from = new("--from") { Description = "The path to its value, as in mappings", HelpName = "attributes.PATH", Required = true };

    public ColumnAddCommand(Terminal terminal)
        : base("add", "Make a column of a field in the attributes.", terminal)
    {
        Arguments.Add(_name);
        Arguments.Add(_type);
        Options.Add(_from);
    }

    public override IReadOnlyList<string> Remarks =>
    [
        "New files of bronze and silver have it. `lake message` shows it of earlier rows as well,",
        "and `lake replay` rewrites silver with it. What is not of the type is null in the column,",
        "is reported, and stays in attributes. Nobody may run the lake meanwhile.",
    ];

    public override IReadOnlyList<string> Examples => ["lake column add plan string --from attributes.plan", "lake column add campaign int64 --from attributes.campaign.id"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!AddedColumn.TryCreate(parsed.GetValue(_name)!, parsed.GetValue(_type)!, parsed.GetValue(_from)!, out AddedColumn? column, out string? error))
        {
            throw new UsageException($"{char.ToUpperInvariant(error[0])}{error[1..]}.");
        }

        await LakeColumns.AddAsync(new LakeOptions { Path = GlobalOptions.PathOf(parsed) }, column).ConfigureAwait(false);
        Terminal.Error.WriteLine($"New files have the column {column}; `lake replay` rewrites silver with it.");
        return ExitCode.Done;
    }
}
