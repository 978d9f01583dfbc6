using System.Collections.Concurrent;
using OrleansLake.Client;

namespace OrleansLake.Server.Sources;

/// <summary>The work that others have for the thread that reads a source: done by it, one after the other. Any threads ask.</summary>
internal sealed class SourceRequests
{
    private readonly ConcurrentQueue<Action<CancellationToken?>> _waiting = new();
    private volatile bool _isClosed;

    /// <summary>Has something done by the thread that reads.</summary>
    /// <exception cref="LakeClientException">It cannot be done, or nobody reads any more.</exception>
    internal Task<T> AskAsync<T>(Func<CancellationToken, T> what)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue(stop =>
        {
            try
            {
                done.SetResult(what(stop ?? throw new LakeClientException(LakeClientErrorKind.Unavailable, "The source is being opened again; try again.")));
            }
            catch (Exception e) when (e is LakeClientException or SourceException)
            {
                done.SetException(e);
            }
        });
        if (_isClosed)
        {
            Close();
        }

        return done.Task;
    }

    /// <summary>Does what is wanted by now.</summary>
    internal void Answer(CancellationToken stop)
    {
        while (_waiting.TryDequeue(out Action<CancellationToken?>? wanted))
        {
            wanted(stop);
        }
    }

    /// <summary>Refuses what is wanted from now on: nobody reads any more.</summary>
    internal void Close()
    {
        _isClosed = true;
        while (_waiting.TryDequeue(out Action<CancellationToken?>? wanted))
        {
            wanted(null);
        }
    }
}
