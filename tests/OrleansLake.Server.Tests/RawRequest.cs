using System.Net.Sockets;
using System.Text;

namespace OrleansLake.Server.Tests;

/// <summary>Requests that no HTTP client makes, byte by byte.</summary>
internal static class RawRequest
{
    /// <summary>The answer to what is sent: all of it, or what comes up to the end of its head.</summary>
    internal static async Task<string> SendAsync(Uri address, string head, byte[]? body = null, bool headOnly = false)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using Socket socket = await ConnectAsync(address);
        await using var stream = new NetworkStream(socket);
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(head), timeout.Token);
            await stream.WriteAsync(body ?? [], timeout.Token);
        }
        catch (IOException)
        {
            // It was refused by its head.
        }

        return await ReadAsync(stream, headOnly, timeout.Token);
    }

    internal static async Task<Socket> ConnectAsync(Uri address, int? receiveBytes = null)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.ReceiveBufferSize = receiveBytes ?? socket.ReceiveBufferSize;
        await socket.ConnectAsync(address.Host, address.Port);
        return socket;
    }

    internal static async Task<string> ReadAsync(Stream stream, bool headOnly, CancellationToken cancellationToken)
    {
        var answer = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                answer.Write(buffer, 0, read);
                if (headOnly && answer.GetBuffer().AsSpan(0, (int)answer.Length).IndexOf("\r\n\r\n"u8) >= 0)
                {
                    break;
                }
            }
        }
        catch (IOException)
        {
            // Cut off: what came until then is the answer.
        }

        return Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length);
    }
}
