namespace OrleansLake.Grains.Partitions;

/// <summary>One fsync at a time, and each serves everyone who asked before it began. Only its own thread waits.</summary>
/// <param name="flush">Makes durable whatever was written before the call.</param>
internal sealed class GroupFlush(Action flush)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _waiting;
    private bool _isRunning;

    /// <summary>Ends when what was written before the call is durable.</summary>
    internal Task FlushAsync()
    {
        lock (_gate)
        {
            _waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task served = _waiting.Task;
            if (!_isRunning)
            {
                _isRunning = true;
                _ = Task.Run(Run);
            }

            return served;
        }
    }

    private void Run()
    {
        while (true)
        {
            TaskCompletionSource served;
            lock (_gate)
            {
                if (_waiting is null)
                {
                    _isRunning = false;
                    return;
                }

                served = _waiting;
                _waiting = null;
            }

            try
            {
                flush();
                served.SetResult();
            }
#pragma warning disable CA1031 // Whatever it is: it is thrown where the flush was asked for.
            catch (Exception e)
#pragma warning restore CA1031
            {
                served.SetException(e);
            }
        }
    }
}
