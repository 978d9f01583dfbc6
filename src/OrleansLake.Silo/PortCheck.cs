using System.Net;
using System.Net.Sockets;

namespace OrleansLake.Silo;

/// <summary>
/// Checks whether a port is free. Orleans lets several listen on one port, each of which would get some of what is sent to
/// it; this does not.
/// </summary>
internal static class PortCheck
{
    /// <summary>Returns what is wrong with a port; null if it is free, and taken now.</summary>
    internal static string? Problem(string setting, IPAddress address, int port, PortClaims ports)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            return ports.TryTake(address, port) ? null : InUse();
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => InUse(),
                SocketError.AddressNotAvailable => $"Silo:Address is {address}, which is not an address of this machine.",
                SocketError.AccessDenied => $"{setting} is {port}, which this user may not listen on: give a port above 1023.",
                _ => $"{setting} is {port}, which cannot be listened on at {address}: {e.Message}.",
            };
        }

        string InUse() => $"{setting} is {port}, which another program listens on ({address}): give a free port, or stop that program.";
    }

    /// <summary>Returns the reason why nobody answers on a port; null if somebody does.</summary>
    internal static async Task<string?> SilenceAsync(IPEndPoint place, CancellationToken cancellationToken)
    {
        using var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        enough.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            await socket.ConnectAsync(place, enough.Token);
            return null;
        }
        catch (SocketException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "no answer";
        }
    }
}
