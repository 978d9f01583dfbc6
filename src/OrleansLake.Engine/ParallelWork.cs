using System.Runtime.ExceptionServices;

namespace OrleansLake.Engine;

/// <summary>
/// Fork and join inside a partition: independent pieces of work on a bounded number of threads. What is computed
/// never depends on that number.
/// </summary>
public sealed class ParallelWork
{
    private readonly bool _givesWay;

    /// <summary>Work on at most <paramref name="threads"/> threads; the caller's is one of them.</summary>
    public ParallelWork(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
    }

    private ParallelWork(int threads, bool givesWay)
        : this(threads) => _givesWay = givesWay;

    /// <summary>
    /// Work that nobody waits for, beside work that somebody does: on threads of its own, so that it takes none of the
    /// pool's away from callers, of lower priority, and on half as many (one, if there is one). The caller's thread rests
    /// meanwhile.
    /// </summary>
    internal ParallelWork ThatGivesWay() => Threads == 1 ? this : new ParallelWork(Threads / 2, givesWay: true);

    /// <summary>How many threads work at most.</summary>
    public int Threads { get; }

    /// <summary>
    /// Does pieces 0 to <paramref name="pieces"/> - 1. They are begun in that order, each by the first thread that is
    /// free, so put the largest first. After an error no piece is begun; it is thrown when all have ended.
    /// </summary>
    public void For(int pieces, Action<int> piece)
    {
        ArgumentNullException.ThrowIfNull(piece);
        int helpers = Math.Min(Threads, pieces) - 1;
        int next = -1;
        ExceptionDispatchInfo? error = null;
        if (_givesWay)
        {
            var threads = new Thread[Math.Max(0, helpers + 1)];
            for (int i = 0; i < threads.Length; i++)
            {
                threads[i] = new Thread(WorkAside) { IsBackground = true, Name = "lake commit" };
                threads[i].Start();
            }

            foreach (Thread thread in threads)
            {
                thread.Join();
            }
        }
        else if (helpers <= 0)
        {
            Work();
        }
        else
        {
            var tasks = new Task[helpers];
            for (int i = 0; i < helpers; i++)
            {
                tasks[i] = Task.Run(Work);
            }

            Work();
            Task.WaitAll(tasks);
        }

        error?.Throw();

        void WorkAside()
        {
            ThreadPriorities.LowerOwn();
            Work();
        }

        void Work()
        {
            try
            {
                int i;
                while (Volatile.Read(ref error) is null && (i = Interlocked.Increment(ref next)) < pieces)
                {
                    piece(i);
                }
            }
#pragma warning disable CA1031 // Whatever it is: it is thrown on the caller's thread.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref error, ExceptionDispatchInfo.Capture(e), null);
            }
        }
    }
}
