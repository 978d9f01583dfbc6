using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansLake.Contracts;

/// <summary>A proxy between a client and a server that cuts what goes through on demand.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly Uri _server;
    private readonly Task _running;
    private long _lost;

    internal CuttingProxy(Uri server)
    {
        _server = server;
        _listener.Start();
        Address = new Uri($"http://{_listener.LocalEndpoint}");
        _running = RunAsync();
    }

    internal Uri Address { get; }

    /// <summary>Gets or sets a value indicating whether what connects is cut at once.</summary>
    internal bool IsAway { get; set; }

    /// <summary>Gets or sets a value indicating whether what clients send is lost, while they get what the server sends.</summary>
    internal bool IsDeaf { get; set; }

    /// <summary>Gets the number of bytes that were lost.</summary>
    internal long Lost => Volatile.Read(ref _lost);

    internal void Cut()
    {
        while (_sockets.TryTake(out Socket? socket))
        {
            socket.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _listener.Stop();
        Cut();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync(_stop.Token);
                if (IsAway)
                {
                    client.Dispose();
                    continue;
                }

                var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await server.ConnectAsync(_server.Host, _server.Port);
                _sockets.Add(client);
                _sockets.Add(server);
                _ = CopyAsync(client, server, () => IsDeaf);
                _ = CopyAsync(server, client, static () => false);
            }
        }
        catch (OperationCanceledException)
        {
            // It is stopped.
        }
    }

    private async Task CopyAsync(Socket from, Socket to, Func<bool> isLost)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer)) > 0)
            {
                if (isLost())
                {
                    Interlocked.Add(ref _lost, read);
                    continue;
                }

                await to.SendAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was cut.
        }

        from.Dispose();
        to.Dispose();
    }
}
