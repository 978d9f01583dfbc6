namespace OrleansLake.Cli.Output;

/// <summary>
/// The progress of a command, on stderr: one line that is redrawn at a terminal, a plain line every few seconds
/// elsewhere. <see cref="Show"/> may be called as often as one likes, from any thread.
/// </summary>
internal sealed class ProgressLine(Terminal terminal, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan RedrawEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PrintEvery = TimeSpan.FromSeconds(3);
    private const int BarWidth = 24;

    private readonly Lock _gate = new();
    private readonly long _started = clock.GetTimestamp();
    private long _shown = clock.GetTimestamp();
    private string? _printed;
    private bool _isDrawn;
    private bool _isDone;

    /// <summary>Gets the time that has passed.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(_started);

    /// <summary>Shows a state, unless one was shown a moment ago.</summary>
    /// <param name="text">What to say.</param>
    /// <param name="share">How much of the whole is done, 0 to 1; null where the whole is not known.</param>
    public void Show(Func<string> text, double? share = null)
    {
        lock (_gate)
        {
            TimeSpan pause = terminal.IsErrorTerminal ? RedrawEvery : PrintEvery;
            if (_isDone || clock.GetElapsedTime(_shown) < pause)
            {
                return;
            }

            _shown = clock.GetTimestamp();
            string line = Compose(text(), share);
            if (terminal.IsErrorTerminal)
            {
                terminal.Drawing.Write($"\r\e[2K{DisplayWidth.Shorten(DisplayWidth.Printable(line), terminal.Width - 1)}");
                _isDrawn = true;
            }
            else if (line != _printed)
            {
                // A log says what is new: a lake that waits for messages all night adds nothing to it.
                terminal.Error.WriteLine(line);
                _printed = line;
            }
        }
    }

    /// <summary>Writes something that stays, above the line.</summary>
    public void Say(string message)
    {
        lock (_gate)
        {
            Erase();
            terminal.Error.WriteLine(message);
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDone = true;
            Erase();
        }
    }

    /// <summary>Returns the time that is left at the speed so far.</summary>
    public static TimeSpan? Remaining(TimeSpan elapsed, double? share) =>
        share is > 0.001 and <= 1 && elapsed.TotalSeconds > 0.5 ? elapsed * ((1 - share.Value) / share.Value) : null;

    private string Compose(string text, double? share)
    {
        if (share is not { } known)
        {
            return text;
        }

        known = Math.Clamp(known, 0, 1);
        string left = Remaining(Elapsed, known) is { } time ? $"  {Figures.Time(time)} left" : "";
        string bar = "";
        if (terminal.IsErrorTerminal)
        {
            int full = (int)(known * BarWidth);
            bar = new string('━', full) + new string('╌', BarWidth - full) + " ";
        }

        return $"{bar}{(int)(known * 100),3} %  {text}{left}";
    }

    private void Erase()
    {
        if (_isDrawn)
        {
            terminal.Drawing.Write("\r\e[2K");
            _isDrawn = false;
        }
    }
}
