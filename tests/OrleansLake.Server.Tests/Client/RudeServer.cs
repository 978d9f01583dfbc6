using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansLake.Server.Tests.Client;

/// <summary>A server that takes every connection and then does to it what it is told, such as nothing.</summary>
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

    /// <summary>How many connections there were.</summary>
    internal int Connections => Volatile.Read(ref _count);

    /// <summary>One of that kind.</summary>
    internal static RudeServer Of(string manner) => new(manner switch
    {
        // It reads nothing either: what is sent fills the buffers between.
        "silent" => (_, stop) => Task.Delay(Timeout.Infinite, stop),
        "an end at once" => ReadHeadAsync,
        "half an answer" => async (stream, stop) =>
        {
            await ReadHeadAsync(stream, stop);
            await WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"position\":\"1.", stop);
            await Task.Delay(Timeout.Infinite, stop);
        },
        "half an answer and an end" => async (stream, stop) =>
        {
            await ReadHeadAsync(stream, stop);
            await WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"position\":\"1.", stop);
        },
        "drop by drop" => async (stream, stop) =>
        {
            await ReadHeadAsync(stream, stop);
            await WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n[", stop);
            while (true)
            {
                await WriteAsync(stream, " ", stop);
                await Task.Delay(20, stop);
            }
        },
        "another site" => async (stream, stop) =>
        {
            await ReadHeadAsync(stream, stop);
            await WriteAsync(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: 20\r\n\r\n<h1>Log in here</h1>", stop);
        },
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
