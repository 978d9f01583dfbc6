namespace OrleansLake.Benchmarks.Serving;

/// <summary>
/// Many event streams that one thread empties now and then: what it costs to watch is the server's, and hardly the
/// client's.
/// </summary>
internal sealed class WatcherCrowd : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly HttpConnection[] _streams;
    private readonly Thread _thread;
    private volatile bool _isOver;
    private long _bytes;
    private long _events;

    public WatcherCrowd(Uri address, int count, string path)
    {
        _streams = [.. Enumerable.Range(0, count).Select(_ => new HttpConnection(address))];
        foreach (HttpConnection stream in _streams)
        {
            stream.Get(path);
        }

        _thread = new Thread(Empty) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Bytes that all have got.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Events that all have got.</summary>
    public long Events => Interlocked.Read(ref _events);

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
        Array.ForEach(_streams, stream => stream.Dispose());
    }

    private void Empty()
    {
        byte[] buffer = new byte[256 * 1024];
        byte[] end = "\nid: "u8.ToArray();
        while (!_isOver)
        {
            Thread.Sleep(Pause);
            foreach (HttpConnection stream in _streams)
            {
                while (stream.Socket.Available > 0)
                {
                    int got = stream.Socket.Receive(buffer);
                    Interlocked.Add(ref _bytes, got);
                    Interlocked.Add(ref _events, buffer.AsSpan(0, got).Count(end));
                }
            }
        }
    }
}
