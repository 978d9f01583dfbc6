namespace OrleansLake.Engine.Sending;

/// <summary>
/// Work of which one run serves everyone who asked before it began; who asks meanwhile is served by the next run. It
/// has a thread of its own from the first call on, so that callers wait without one, and a pool that is busy parsing
/// does not hold it up.
/// </summary>
internal sealed class CoalescingWorker : IDisposable
{
    private readonly Action _run;
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _asked = new(0);
    private TaskCompletionSource? _next;
    private bool _isStarted;
    private bool _isClosed;

    internal CoalescingWorker(string name, Action run)
    {
        _run = run;
        _thread = new Thread(Work) { IsBackground = true, Name = name };
    }

    /// <summary>Ends when a run has ended that began after the call, with what that run threw.</summary>
    internal Task RunAsync()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (!_isStarted)
            {
                _thread.Start();
                _isStarted = true;
            }

            if (_next is null)
            {
                _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _asked.Release();
            }

            return _next.Task;
        }
    }

    /// <summary>Serves those who have asked, and ends.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            _asked.Release();
        }

        if (_isStarted)
        {
            _thread.Join();
        }

        _asked.Dispose();
    }

    private void Work()
    {
        while (true)
        {
            _asked.Wait();
            TaskCompletionSource? served;
            lock (_gate)
            {
                served = _next;
                _next = null;
                if (served is null && _isClosed)
                {
                    return;
                }
            }

            if (served is null)
            {
                continue;
            }

            try
            {
                _run();
                served.SetResult();
            }
#pragma warning disable CA1031 // Whatever it is: it is thrown where it is waited for.
            catch (Exception e)
#pragma warning restore CA1031
            {
                served.SetException(e);

                // Those who asked may all have been cancelled.
                _ = served.Task.Exception;
            }
        }
    }
}
