using OrleansLake.Cli.Output;
using OrleansLake.Cli.Results;
using Spectre.Console;

namespace OrleansLake.Cli.Demo;

/// <summary>Shows a demo while it continues: a drawing that changes at a terminal, a line now and then elsewhere.</summary>
internal static class DemoView
{
    private static readonly TimeSpan DrawEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>Shows frames until a task has ended, however it ends.</summary>
    public static Task ShowUntilAsync(Task running, Func<DemoFrame> look, Terminal terminal) =>
        terminal.IsErrorTerminal ? DrawUntilAsync(running, look, terminal) : PrintUntilAsync(running, look, terminal);

    private static async Task DrawUntilAsync(Task running, Func<DemoFrame> look, Terminal terminal)
    {
        IAnsiConsole console = SpectreConsoles.Create(terminal, terminal.Drawing);
        LiveDisplay live = console.Live(DemoDrawing.Draw(look(), terminal.Width));
        live.AutoClear = true;
        live.Overflow = VerticalOverflow.Crop;
        live.Cropping = VerticalOverflowCropping.Bottom;
        await live.StartAsync(async context =>
        {
            using PeriodicTimer timer = new(DrawEvery);
            while (!running.IsCompleted)
            {
                console.Profile.Width = terminal.Width;
                console.Profile.Height = terminal.Height;
                context.UpdateTarget(DemoDrawing.Draw(look(), terminal.Width));
                await Task.WhenAny(running, timer.WaitForNextTickAsync().AsTask()).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
    }

    private static async Task PrintUntilAsync(Task running, Func<DemoFrame> look, Terminal terminal)
    {
        using ProgressLine line = new(terminal, TimeProvider.System);
        using PeriodicTimer timer = new(DrawEvery);
        while (!running.IsCompleted)
        {
            line.Show(() => Line(look()));
            await Task.WhenAny(running, timer.WaitForNextTickAsync().AsTask()).ConfigureAwait(false);
        }
    }

    private static string Line(DemoFrame frame) =>
        $"{Figures.Time(frame.Elapsed)}: accepted {Figures.Count(frame.Accepted)} ({Figures.Rate(frame.Rate)})  messages {Figures.Count(frame.Ledger.Messages)}  "
        + $"corrupted {Figures.Count(frame.Ledger.MessagesCorrupted)}  duplicates {Figures.Count(LedgerText.Duplicates(frame.Ledger))}  "
        + $"keys {Figures.Count(frame.Keys)}  commit {frame.CommitNumber}{Figures.Taken(frame.CommitMs)}  files {Figures.Count(frame.Files)}";
}
