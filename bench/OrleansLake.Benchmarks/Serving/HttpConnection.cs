using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansLake.Benchmarks.Serving;

/// <summary>
/// One HTTP/1.1 connection by a plain socket and a thread that blocks: on a machine that client and server share, a
/// client that costs next to nothing. Answers without a Content-Length are failures here.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly string _host;
    private byte[] _received = [];

    public HttpConnection(Uri address)
    {
        _host = address.Authority;
        _socket.Connect(new IPEndPoint(IPAddress.Loopback, address.Port));
    }

    /// <summary>The socket, for reading a stream that does not end.</summary>
    public Socket Socket => _socket;

    /// <summary>The head of a POST of messages.</summary>
    public static byte[] PostHead(Uri address, int bytes, string query = "") => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"POST /v1/messages{query} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/x-ndjson\r\nContent-Length: {bytes}\r\n\r\n"));

    /// <summary>Sends a GET.</summary>
    public void Get(string pathAndQuery) => Send(Encoding.ASCII.GetBytes($"GET {pathAndQuery} HTTP/1.1\r\nHost: {_host}\r\n\r\n"));

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    /// <summary>Waits for an answer and gives its body, valid until the next call.</summary>
    /// <exception cref="InvalidOperationException">It is not a success.</exception>
    public ReadOnlySpan<byte> Receive()
    {
        int used = 0;
        int head;
        while ((head = _received.AsSpan(0, used).IndexOf("\r\n\r\n"u8)) < 0)
        {
            used += ReceiveMore(used);
        }

        string headers = Encoding.ASCII.GetString(_received, 0, head);
        int length = headers.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
        if (headers[9] != '2' || length < 0)
        {
            throw new InvalidOperationException($"not a success: {Encoding.UTF8.GetString(_received, 0, used)}");
        }

        int end = headers.IndexOf('\r', length);
        int bytes = int.Parse(headers.AsSpan(length + 16, (end < 0 ? headers.Length : end) - length - 16), CultureInfo.InvariantCulture);
        while (used < head + 4 + bytes)
        {
            used += ReceiveMore(used);
        }

        return _received.AsSpan(head + 4, bytes);
    }

    public void Dispose() => _socket.Dispose();

    private int ReceiveMore(int used)
    {
        if (used == _received.Length)
        {
            Array.Resize(ref _received, Math.Max(64 * 1024, used * 2));
        }

        int more = _socket.Receive(_received.AsSpan(used));
        return more > 0 ? more : throw new InvalidOperationException("the server closed the connection");
    }
}
