namespace OrleansLake.Engine.Sending;

/// <summary>
/// A bound for bytes in memory: callers that want more wait, in the order of asking, without a thread. What is larger than
/// the bound is let in alone.
/// </summary>
internal sealed class ByteBudget(long bytesMax)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiting = [];
    private long _taken;

    /// <summary>Gets the number of bytes that are taken now.</summary>
    internal long Taken
    {
        get
        {
            lock (_gate)
            {
                return _taken;
            }
        }
    }

    /// <summary>Takes bytes at once, to be given back by <see cref="Release"/>. False if they do not fit beside those of others.</summary>
    internal bool TryTake(long bytes)
    {
        lock (_gate)
        {
            bool fits = _waiting.Count == 0 && _taken + bytes <= bytesMax;
            _taken += fits ? bytes : 0;
            return fits;
        }
    }

    /// <summary>Takes bytes, to be given back by <see cref="Release"/>. False if the bound was reached for too long.</summary>
    internal async Task<bool> TryTakeAsync(long bytes, TimeSpan waitMax, TimeProvider clock, CancellationToken cancellationToken)
    {
        LinkedListNode<Waiter> node;
        lock (_gate)
        {
            if (_waiting.Count == 0 && Fits(bytes))
            {
                _taken += bytes;
                return true;
            }

            node = _waiting.AddLast(new Waiter(bytes));
        }

        try
        {
            await node.Value.Admitted.Task.WaitAsync(waitMax, clock, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            lock (_gate)
            {
                if (node.List is null)
                {
                    // It was let in at the last moment.
                    _taken -= bytes;
                }
                else
                {
                    _waiting.Remove(node);
                }

                Admit();
            }

            if (e is TimeoutException)
            {
                return false;
            }

            throw;
        }
    }

    internal void Release(long bytes)
    {
        lock (_gate)
        {
            _taken -= bytes;
            Admit();
        }
    }

    private bool Fits(long bytes) => _taken == 0 || _taken + bytes <= bytesMax;

    private void Admit()
    {
        while (_waiting.First is { } first && Fits(first.Value.Bytes))
        {
            _taken += first.Value.Bytes;
            _waiting.RemoveFirst();
            first.Value.Admitted.SetResult();
        }
    }

    private sealed class Waiter(long bytes)
    {
        internal long Bytes { get; } = bytes;

        internal TaskCompletionSource Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
