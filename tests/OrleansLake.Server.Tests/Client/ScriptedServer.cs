using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansLake.Server.Tests.Client;

/// <summary>
/// A server that answers requests by a script, one a connection: with a status (and a header), or with <c>cut</c>: it
/// reads the request and closes the connection without an answer.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private const string Stored = "{\"accepted\":1,\"duplicates\":0,\"quarantined\":0,\"errors\":[],\"token\":\"1.1\"}";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    internal ScriptedServer(params string[] script)
    {
        _listener.Start();
        Address = new Uri($"http://{_listener.LocalEndpoint}");
        _running = RunAsync(script);
    }

    internal Uri Address { get; }

    /// <summary>The idempotency key of each request; null if it had none.</summary>
    internal ConcurrentQueue<string?> Keys { get; } = new();

    public async ValueTask DisposeAsync()
    {
        // By a token, not by stopping the listener: one stopped between two connections throws by another type.
        await _stop.CancelAsync();
        await _running;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task RunAsync(string[] script)
    {
        try
        {
            foreach (string answer in script)
            {
                using Socket socket = await _listener.AcceptSocketAsync(_stop.Token);
                await using var stream = new NetworkStream(socket);
                Keys.Enqueue(await ReadAsync(stream));
                if (answer == "cut")
                {
                    continue;
                }

                string status = answer.Split(' ')[0];
                string header = answer.Length > status.Length ? answer[(status.Length + 1)..] + "\r\n" : "";
                string body = status[0] == '2' ? Stored : "";
                await stream.WriteAsync(Encoding.ASCII.GetBytes(
                    $"HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Type: application/json\r\n{header}Content-Length: {body.Length}\r\n\r\n{body}"));
            }
        }
        catch (OperationCanceledException)
        {
            // It is stopped.
        }
    }

    private static async Task<string?> ReadAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        string? key = null;
        int length = 0;
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            key = line.StartsWith("Idempotency-Key: ", StringComparison.OrdinalIgnoreCase) ? line[17..] : key;
            length = line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase) ? int.Parse(line[16..], System.Globalization.CultureInfo.InvariantCulture) : length;
        }

        await reader.ReadBlockAsync(new char[length]);
        return key;
    }
}
