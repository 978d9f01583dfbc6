using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansLake.Server.Tests.Client;

/// <summary>A server that takes every connection and then does something given to it, such as nothing.</summary>
internal sealed class RudeServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _connections = [];
    private readonly Task _running;
    private int _count;

    private RudeServer(Func<Stream, CancellationToken, Task> treat)
    {
        _listener.Start();
        Address = new Uri($"http://{_listener.LocalEndpoint}");
        _running = RunAsync(treat);
    }

    internal Uri Address { get; }

    /// <summary>Gets the number of connections so far.</summary>
    internal int Connections => Volatile.Read(ref _count);

    /// <summary>One of that kind.</summary>
    internal static RudeServer Of(string manner) => new(manner switch
    {
        // It reads nothing either: what is sent fills the buffers between.
        "silent" => (_, stop) => Task.Delay(Timeout.Infinite, stop),
        "an end at once" => ReadHeadAsync,
        "half an answer" => static (stream, stop) => AnswerAsync(stream, "application/json", 1000, "{\"position\":\"1.", Timeout.InfiniteTimeSpan, stop),
        "half an answer and an end" => static (stream, stop) => AnswerAsync(stream, "application/json", 1000, "{\"position\":\"1.", TimeSpan.Zero, stop),
        "drop by drop" => DripAsync,
        "another site" => static (stream, stop) => AnswerAsync(stream, "text/html", 20, "<h1>Log in here</h1>", TimeSpan.Zero, stop),
        _ => throw new ArgumentOutOfRangeException(nameof(manner)),
    });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _running;
        await Task.WhenAll(_connections);
    }

    private async Task RunAsync(Func<Stream, CancellationToken, Task> treat)
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _count);
                _connections.Add(TreatAsync(socket, treat));
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // It is stopped.
        }
    }

    private async Task TreatAsync(Socket socket, Func<Stream, CancellationToken, Task> treat)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            await treat(stream, _stop.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client left, or it is stopped.
        }
    }

    private static async Task AnswerAsync(Stream stream, string type, int length, string body, TimeSpan rest, CancellationToken cancellationToken)
    {
        await ReadHeadAsync(stream, cancellationToken);
        await WriteAsync(stream, $"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: {type}\r\nContent-Length: {length}\r\n\r\n{body}", cancellationToken);
        await Task.Delay(rest, cancellationToken);
    }

    private static async Task DripAsync(Stream stream, CancellationToken cancellationToken)
    {
        await AnswerAsync(stream, "application/json", 100_000, "[", TimeSpan.Zero, cancellationToken);
        while (true)
        {
            await WriteAsync(stream, " ", cancellationToken);
            await Task.Delay(20, cancellationToken);
        }
    }

    private static async Task ReadHeadAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[64 * 1024];
        string head = "";
        while (!head.Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            int read = await stream.ReadAsync(buffer, cancellationToken);
            head += read > 0 ? Encoding.ASCII.GetString(buffer, 0, read) : "\r\n\r\n";
        }
    }

    private static async Task WriteAsync(Stream stream, string text, CancellationToken cancellationToken) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken);
}
