using System.Runtime.ExceptionServices;
using OrleansLake.Engine.Work;

namespace OrleansLake.Engine;

/// <summary>
/// Fork and join inside a partition: independent pieces of work on a bounded number of threads. What is computed
/// never depends on that number.
/// </summary>
public sealed class ParallelWork
{
    private readonly bool _isLowPriority;

    /// <summary>Initializes work on at most <paramref name="threads"/> threads; the caller's is one of them.</summary>
    public ParallelWork(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
    }

    private ParallelWork(int threads, bool givesWay)
        : this(threads) => _isLowPriority = givesWay;

    /// <summary>
    /// Returns work of lower priority, which nobody waits for, beside work that somebody waits for: on threads of its own, so that it
    /// takes none of the
    /// pool's away from callers, of lower priority, and on half as many (one, if there is one). The caller's thread rests
    /// meanwhile.
    /// </summary>
    internal ParallelWork WithLowPriority() => Threads == 1 ? this : new ParallelWork(Threads / 2, givesWay: true);

    /// <summary>Gets the number of threads that work at most.</summary>
    public int Threads { get; }

    /// <summary>
    /// Does pieces 0 to <paramref name="pieces"/> - 1. They are begun in that order, each by the first thread that is
    /// free, so put the largest first. After an error no piece is begun; it is thrown when all have ended.
    /// </summary>
    /// <remarks>
    /// The caller waits for pieces that others have begun, never for a thread of the pool that has begun none: it may
    /// hold a lock that all of these wait for.
    /// </remarks>
    public void For(int pieces, Action<int> piece)
    {
        int threads = Math.Min(Threads, pieces);
        var work = new Pieces(pieces, piece);
        if (_isLowPriority)
        {
            for (int i = 0; i < threads; i++)
            {
                new Thread(work.ExecuteInBackground) { IsBackground = true, Name = "lake commit" }.Start();
            }
        }
        else
        {
            for (int i = 1; i < threads; i++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
            }

            work.Execute();
        }

        work.Join();
    }

    private sealed class Pieces(int count, Action<int> piece) : IThreadPoolWorkItem
    {
        private readonly TaskCompletionSource _ended = new();
        private int _begun = -1;
        private int _done;
        private ExceptionDispatchInfo? _error;

        public void Execute()
        {
            int i;
            while ((i = Interlocked.Increment(ref _begun)) < count)
            {
                try
                {
                    if (Volatile.Read(ref _error) is null)
                    {
                        piece(i);
                    }
                }
#pragma warning disable CA1031 // Whatever it is: it is thrown on the caller's thread.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    Interlocked.CompareExchange(ref _error, ExceptionDispatchInfo.Capture(e), null);
                }

                if (Interlocked.Increment(ref _done) == count)
                {
                    _ended.SetResult();
                }
            }
        }

        internal void ExecuteInBackground()
        {
            ThreadPriorities.LowerOwn();
            Execute();
        }

        internal void Join()
        {
            if (count > 0)
            {
                _ended.Task.Wait();
            }

            _error?.Throw();
        }
    }
}
