using System.Net;
using System.Net.Sockets;

namespace OrleansLake.TestSupport;

/// <summary>
/// Ports on loopback that nobody listens at, for servers that do not choose their own. Each process goes through them from a place of its own, and none gives one
/// twice: what the system gives to those that ask for any lies above them.
/// </summary>
public static class FreePort
{
    private const int First = 20_000;
    private const int Count = 10_000;

    // Processes that are started one after the other begin far from each other.
    private static int _taken = Environment.ProcessId * 397;

    /// <summary>Returns the next one.</summary>
    public static int Take()
    {
        while (true)
        {
            int port = First + (int)((uint)Interlocked.Increment(ref _taken) % Count);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Somebody else's.
            }
        }
    }
}
