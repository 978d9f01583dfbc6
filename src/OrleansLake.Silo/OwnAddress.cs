using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace OrleansLake.Silo;

/// <summary>
/// The address that a silo's machine is reached by where none is given: as its name resolves, or, where that is to loopback as
/// many systems write it into their list of hosts, that of a network interface.
/// </summary>
internal static class OwnAddress
{
    /// <summary>Finds it. Loopback if there is nothing else.</summary>
    internal static IPAddress Find() => Choose(Resolved(), Interfaces());

    /// <summary>Returns the first that others can reach.</summary>
    /// <param name="resolved">What the machine's name resolves to.</param>
    /// <param name="interfaces">The addresses of its interfaces, those with a way out of their network first.</param>
    internal static IPAddress Choose(IEnumerable<IPAddress> resolved, IEnumerable<IPAddress> interfaces) =>
        resolved.Concat(interfaces).FirstOrDefault(IsReachable) ?? IPAddress.Loopback;

    private static bool IsReachable(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetwork || IPAddress.IsLoopback(address))
        {
            return false;
        }

        // 0.0.0.0 belongs to no interface, and 169.254 is what an interface without an address gives itself (RFC 3927).
        byte[] bytes = address.GetAddressBytes();
        return bytes is not ([0, ..] or [169, 254, ..]);
    }

    private static IPAddress[] Resolved()
    {
        try
        {
            return Dns.GetHostAddresses(Dns.GetHostName());
        }
        catch (SocketException)
        {
            return [];
        }
    }

    private static IPAddress[] Interfaces()
    {
        try
        {
            return
            [
                .. NetworkInterface.GetAllNetworkInterfaces()
                    .Where(static one => one.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown && one.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                    .Select(static one => one.GetIPProperties())
                    .OrderByDescending(static one => one.GatewayAddresses.Count > 0)
                    .SelectMany(static one => one.UnicastAddresses.Select(static unicast => unicast.Address)),
            ];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }
}
