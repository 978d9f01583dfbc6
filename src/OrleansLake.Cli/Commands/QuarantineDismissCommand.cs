using System.CommandLine;
using OrleansLake.Cli.Output;
using OrleansLake.Engine;
using OrleansLake.Storage;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake quarantine dismiss</c>: closes rejected records that nobody will send again, with a reason.</summary>
internal sealed class QuarantineDismissCommand : LakeCommand
{
    private const int IdsShownMax = 20;

    private readonly Argument<QuarantineRange[]> _records = QuarantineRecords.Argument("Which ones, as `list` prints them: 412.3, 412.3..415.0 or 412");
    private readonly Option<string?> _reason = new("--reason") { Description = "The reason, for the record", HelpName = "TEXT" };
    private readonly Option<bool> _all = new("--all") { Description = "Every record that is open" };
    private readonly Option<bool> _undo = new("--undo") { Description = "Open dismissed records again" };

    public QuarantineDismissCommand(Terminal terminal)
        : base("dismiss", "Close rejected records that nobody will send again.", terminal)
    {
        Arguments.Add(_records);
        Options.Add(_reason);
        Options.Add(_all);
        Options.Add(_undo);
        Check(result =>
        {
            bool isNamed = result.GetValue(_records) is { Length: > 0 };
            string? reason = result.GetValue(_reason);
            if (isNamed == result.GetValue(_all))
            {
                result.AddError(isNamed ? "Give IDs or --all, not both." : "Name the records to dismiss, or give --all for every open one.");
            }
            else if (result.GetValue(_undo) == reason is not null)
            {
                result.AddError(reason is null ? "Give --reason TEXT to dismiss records, or --undo to open them again." : "Give --reason or --undo, not both.");
            }
            else if (reason is not null && (string.IsNullOrWhiteSpace(reason) || reason.Length > DismissOptions.ReasonCharactersMax))
            {
                result.AddError($"A reason has 1 to {DismissOptions.ReasonCharactersMax} characters that are not all blank.");
            }
        });
    }

    public override IReadOnlyList<string> Remarks =>
    [
        "A dismissed record keeps its bytes in quarantine and its reason in `list`; it no longer counts as open,",
        "and `replay` leaves it out until --undo opens it again.",
    ];

    public override IReadOnlyList<string> Examples =>
    [
        "lake quarantine dismiss 412.3 --reason 'half a line of a file that grew'",
        "lake quarantine dismiss 412 415.0..417.2 --reason 'test data'",
        "lake quarantine dismiss 412.3 --undo",
    ];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        QuarantineRange[] wanted = parsed.GetValue(_records) is { Length: > 0 } named ? named : [QuarantineRange.All];
        string? reason = parsed.GetValue(_reason);
        await using Lake lake = await Lake.OpenAsync(new LakeOptions { Path = GlobalOptions.PathOf(parsed) }, cancellationToken).ConfigureAwait(false);
        DismissSummary summary = await lake.DismissAsync(new DismissOptions(wanted, reason), cancellationToken).ConfigureAwait(false);
        if (summary.Changed > 0)
        {
            await lake.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        }

        string verb = reason is null ? "opened again" : "dismissed";
        Terminal.Error.WriteLine($"{Figures.Count(summary.Changed, "record")} {verb}; {Figures.Count(lake.Status.RejectedUnresolved)} open in quarantine.");
        if (parsed.GetValue(_all))
        {
            return ExitCode.Done;
        }

        Tell(summary.Unchanged, reason is null ? "is not dismissed" : "was dismissed before");
        Tell(summary.Replayed, "was replayed: messages are in its place");
        Tell(summary.Unknown, "there is no such record");
        if (summary.IsEmpty && summary.Unknown.Count == 0)
        {
            Terminal.Error.WriteLine("  There are no rejected records among those; `lake quarantine list` shows which there are.");
        }

        return summary.IsEmpty || summary.Unknown.Count > 0 || summary.Replayed.Count > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private void Tell(IReadOnlyList<QuarantineId> ids, string what)
    {
        foreach (QuarantineId id in ids.Take(IdsShownMax))
        {
            Terminal.Error.WriteLine($"  {id}  {what}");
        }

        if (ids.Count > IdsShownMax)
        {
            Terminal.Error.WriteLine($"  and {Figures.Count(ids.Count - IdsShownMax)} more.");
        }
    }
}
