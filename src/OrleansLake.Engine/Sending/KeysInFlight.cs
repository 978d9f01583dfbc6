namespace OrleansLake.Engine.Sending;

/// <summary>The keys that a process is sending now: the outcome of a second body under one is not known before the first's.</summary>
internal sealed class KeysInFlight
{
    private readonly Lock _gate = new();
    private readonly HashSet<BatchKey> _keys = [];

    /// <summary>Begins a send, to be followed by <see cref="End"/>; gives the answer where its key is being sent.</summary>
    internal SendOutcome? TryBegin(SendKey? key)
    {
        if (key is null)
        {
            return null;
        }

        lock (_gate)
        {
            return _keys.Add(key.Key) ? null
                : SendOutcome.Refused(SendStatus.InFlight, $"{key} is being sent now; try again to learn its outcome", SendOutcome.UsualRetryAfter);
        }
    }

    internal void End(SendKey? key)
    {
        if (key is not null)
        {
            lock (_gate)
            {
                _keys.Remove(key.Key);
            }
        }
    }
}
