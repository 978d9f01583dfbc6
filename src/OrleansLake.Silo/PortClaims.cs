using System.Net;
using System.Net.Sockets;

namespace OrleansLake.Silo;

/// <summary>
/// The ports that this silo has taken, until it ends. Orleans opens its ports so that others may open them too, so a check
/// whether they are free says nothing of another silo that checks at the same moment, and both would run on them.
/// </summary>
/// <remarks>On Linux a name that is bound in the machine's (or container's) network, as ports are, and gone with the process; elsewhere there is nothing like it.</remarks>
internal sealed class PortClaims : IDisposable
{
    private readonly List<Socket> _names = [];

    /// <summary>Takes a port; false if another silo has it.</summary>
    internal bool TryTake(IPAddress address, int port)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        var name = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            name.Bind(new UnixDomainSocketEndPoint($"\0orleanslake-silo-{new IPEndPoint(address, port)}"));
            _names.Add(name);
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            name.Dispose();
            return false;
        }
    }

    public void Dispose() => _names.ForEach(static name => name.Dispose());
}
