using OrleansLake.Cli.Output;
using OrleansLake.Core.State;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Results;

/// <summary>The status of a running lake, in a line.</summary>
internal static class StatusText
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    public static string Line(LakeStatus status)
    {
        LedgerCounts ledger = status.Ledger;
        return $"accepted {Figures.Count(status.Accepted)}  messages {Figures.Count(ledger.Messages)}  corrupted {Figures.Count(ledger.MessagesCorrupted)}  "
            + $"duplicates {Figures.Count(LedgerText.Duplicates(ledger))}  published {Figures.Count(status.Published)}  "
            + $"commit {status.CommitNumber}{Figures.Taken(status.CommitMs)}";
    }

    /// <summary>Shows the state until a task has ended, however it ends.</summary>
    public static async Task ShowUntilAsync(Task running, Lake lake, ProgressLine line)
    {
        using PeriodicTimer timer = new(PollInterval);
        while (!running.IsCompleted)
        {
            line.Show(() => Line(lake.Status));
            await Task.WhenAny(running, timer.WaitForNextTickAsync().AsTask()).ConfigureAwait(false);
        }
    }
}
