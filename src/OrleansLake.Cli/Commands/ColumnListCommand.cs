using System.CommandLine;
using OrleansLake.Cli.Output;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake column list</c>: the columns of a lake's messages.</summary>
internal sealed class ColumnListCommand(Terminal terminal) : LakeCommand("list", "List the columns of the lake's messages.", terminal)
{
    public override IReadOnlyList<string> Examples => ["lake column list"];

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = new LakeOptions { Path = GlobalOptions.PathOf(parsed) };
        KeptFields kept = LakeColumns.Kept(options);
        IEnumerable<string> columns =
        [
            .. MessageSchema.Columns.Select(static column => column.Name),
            .. (kept & KeptFields.Attributes) != 0 ? [KeptColumns.AttributesName] : Array.Empty<string>(),
            .. (kept & KeptFields.Source) != 0 ? [KeptColumns.SourceName, KeptColumns.SourceOffsetName] : Array.Empty<string>(),
            .. LakeColumns.Added(options).Columns.Select(static column => column.ToString()),
        ];
        foreach (string column in columns)
        {
            Terminal.Out.WriteLine(column);
        }

        return Task.FromResult(ExitCode.Done);
    }
}
