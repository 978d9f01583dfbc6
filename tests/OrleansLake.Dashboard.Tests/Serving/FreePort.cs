using System.Net;
using System.Net.Sockets;

namespace OrleansLake.Dashboard.Tests.Serving;

/// <summary>A port for a server that must be found again at the same place.</summary>
internal static class FreePort
{
    internal static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
