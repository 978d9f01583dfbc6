using System.Diagnostics;

namespace OrleansLake.Benchmarks.Serving;

/// <summary>Posts batches over several connections: as fast as they are answered, or at a rate.</summary>
internal sealed class BatchLoad(Uri address, SentBatches batches, int connections)
{
    /// <summary>Returns the number of messages acknowledged a second, and how long each batch took, in ms.</summary>
    /// <param name="time">For how long.</param>
    /// <param name="rate">Messages a second; null: as many as go. At a rate, a batch's time counts from when it was due.</param>
    /// <param name="stop">Ends it before its time.</param>
    public (double PerSecond, double[] Ms) Run(TimeSpan time, double? rate = null, CancellationToken stop = default)
    {
        var all = new List<double>[connections];
        Exception? failure = null;
        long started = Stopwatch.GetTimestamp();
        long due = -1;
        Thread[] threads = [.. Enumerable.Range(0, connections).Select(i => new Thread(() => Guarded(i)) { IsBackground = true })];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (failure is not null)
        {
            throw new InvalidOperationException("a batch was not accepted", failure);
        }

        double[] sorted = [.. all.SelectMany(one => one).Order()];
        return (sorted.Length * (double)batches.BatchMessages / seconds, sorted);

        void Guarded(int i)
        {
            try
            {
                all[i] = Send();
            }
#pragma warning disable CA1031 // It is thrown where the threads are joined.
            catch (Exception e)
#pragma warning restore CA1031
            {
                all[i] = [];
                failure = e;
            }
        }

        List<double> Send()
        {
            var ms = new List<double>();
            using var connection = new HttpConnection(address);
            byte[] request = new byte[batches.BytesMax + 512];
            while (!stop.IsCancellationRequested && failure is null && Stopwatch.GetElapsedTime(started) < time)
            {
                long from = Stopwatch.GetTimestamp();
                if (rate is { } perSecond)
                {
                    // Open loop: a batch is due whether the ones before it were answered or not.
                    from = started + (long)(Interlocked.Increment(ref due) * batches.BatchMessages / perSecond * Stopwatch.Frequency);
                    double left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), from).TotalMilliseconds;
                    if (left > 0)
                    {
                        Thread.Sleep(TimeSpan.FromMilliseconds(left));
                    }
                }

                int bytes = batches.Take(request);
                connection.Send(HttpConnection.PostHead(address, bytes));
                connection.Send(request.AsSpan(0, bytes));
                connection.Receive();
                ms.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
            }

            return ms;
        }
    }
}
