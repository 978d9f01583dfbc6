using System.CommandLine;
using System.Globalization;
using OrleansLake.Cli.Hosting;
using OrleansLake.Cli.Output;
using OrleansLake.Core.State;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake repartition</c>: the same lake in another number of partitions.</summary>
internal sealed class RepartitionCommand : LakeCommand
{
    private readonly Argument<int> _partitions = new("partitions") { Description = $"How many partitions the lake is to have, 1 to {LakePartitioning.PartitionsMax}" };

    public RepartitionCommand(Terminal terminal)
        : base("repartition", "Repartition the lake: rebuild it with another number of partitions.", terminal) => Arguments.Add(_partitions);

    public override IReadOnlyList<string> Remarks =>
    [
        "The new files are made beside the lake and swapped in at once; reports and ledger stay",
        "what they are. One partition is quickest in one process, many are what the silos of a",
        "cluster share. Nobody may run the lake meanwhile; silos must be stopped. Files that",
        "other programs put into bronze have to be moved away first, and those that were",
        "ingested accepted (lake bronze accept): their rows stay. Rejected records get other",
        "ids; those that were noted before, fix files too, name none afterwards.",
    ];

    public override IReadOnlyList<string> Examples => ["lake repartition 16", "lake repartition 1 --lake /data/lake"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        int partitions = parsed.GetValue(_partitions);
        if (partitions is < 1 or > LakePartitioning.PartitionsMax)
        {
            throw new UsageException($"{partitions.ToString(CultureInfo.InvariantCulture)} partitions: give 1 to {LakePartitioning.PartitionsMax}.");
        }

        string path = GlobalOptions.PathOf(parsed);
        using ProgressLine line = new(Terminal, TimeProvider.System);
        int before = await LakePartitioning.RepartitionAsync(
            new LakeOptions { Path = path }, partitions,
            new ImmediateProgress<ReplayProgress>(report => line.Show(
                () => $"{Figures.Count(report.Done)} of {Figures.Count(report.Total, "message")} repartitioned",
                report.Total == 0 ? null : (double)report.Done / report.Total)),
            cancellationToken).ConfigureAwait(false);
        if (before == partitions)
        {
            line.Say($"The lake has {Figures.Count(partitions, "partition")} already.");
            return ExitCode.Done;
        }

        LedgerCounts total = LakeReader.Open(path).Ledger.Total;
        line.Say($"From {Figures.Count(before, "partition")} to {partitions.ToString(CultureInfo.InvariantCulture)} in {Figures.Time(line.Elapsed)}: {Figures.Count(total.Bronze, "message")}, {Figures.Count(total.Deduplicated)} counted.");
        if (total.Rejected > 0)
        {
            line.Say($"{(total.Rejected == 1 ? "The rejected record has another id" : $"The {Figures.Count(total.Rejected)} rejected records have other ids")} now, and those before name nothing. `lake quarantine list` shows {(total.Rejected == 1 ? "it" : "them")}.");
        }

        return ExitCode.Done;
    }
}
