namespace OrleansLake.Client.Embedded;

/// <summary>Limits how often the same line is logged: at once, and then at intervals that grow to a minute.</summary>
/// <remarks>It is due for one caller at a time.</remarks>
internal sealed class RepeatedLine(TimeProvider clock)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Max = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private string? _text;
    private long _told;
    private TimeSpan _interval;

    /// <summary>Returns whether it is to be logged now.</summary>
    internal bool IsDue(string text)
    {
        lock (_gate)
        {
            if (text != _text)
            {
                _text = text;
                _interval = First;
            }
            else if (clock.GetElapsedTime(_told) < _interval)
            {
                return false;
            }
            else
            {
                _interval = _interval * 2 < Max ? _interval * 2 : Max;
            }

            _told = clock.GetTimestamp();
            return true;
        }
    }

    /// <summary>Resets it: all is well, and the next line is logged again.</summary>
    internal void Reset()
    {
        lock (_gate)
        {
            _text = null;
        }
    }
}
