using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansLake.Server.Tests.Client;

/// <summary>A proxy between a client and a server that cuts what goes through on demand.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly Uri _server;
    private readonly Task _running;

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

                Socket server = await RawRequest.ConnectAsync(_server);
                _sockets.Add(client);
                _sockets.Add(server);
                _ = CopyAsync(client, server);
                _ = CopyAsync(server, client);
            }
        }
        catch (OperationCanceledException)
        {
            // It is stopped.
        }
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer)) > 0)
            {
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
