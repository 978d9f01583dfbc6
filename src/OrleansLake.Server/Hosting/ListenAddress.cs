using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using OrleansLake.Server.Settings;

namespace OrleansLake.Server.Hosting;

/// <summary>
/// The address that a server listens on: http or https, a port, and an address of this machine, every address, or <c>localhost</c>. What the web
/// server is given is written from this, not the text that was read: it takes any name that it cannot read as an address for
/// every address there is.
/// </summary>
internal sealed class ListenAddress
{
    private const string Localhost = "localhost";

    private readonly string _scheme;
    private readonly string _host;
    private readonly int _port;

    private ListenAddress(string scheme, string host, int port)
    {
        _scheme = scheme;
        _host = host;
        _port = port;
    }

    /// <summary>Gets a value indicating whether only this machine can reach it. A name that is not <c>localhost</c> is taken for one
    /// that others can.</summary>
    internal bool IsLoopback => _host == Localhost || (Address is { } address && IPAddress.IsLoopback(address));

    /// <summary>Gets a value indicating whether it needs a certificate.</summary>
    internal bool IsHttps => _scheme == Uri.UriSchemeHttps;

    private IPAddress? Address => IPAddress.TryParse(_host, out IPAddress? address) ? address : null;

    /// <summary>Reads what a setting names.</summary>
    /// <param name="url">Such as <c>http://127.0.0.1:5080</c>, <c>http://[::]:5080</c> or <c>http://*:5080</c>.</param>
    /// <param name="setting">The setting's name, for messages.</param>
    /// <exception cref="ServeSettingsException">It is not an address to listen on.</exception>
    internal static ListenAddress Parse(string url, string setting)
    {
        // http://*:5080 and http://+:5080 are not URIs, and mean every address.
        string text = url.Replace("//*", "//[::]", StringComparison.Ordinal).Replace("//+", "//[::]", StringComparison.Ordinal);
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
        {
            throw new ServeSettingsException($"{setting}: '{url}' is not an address to listen on; one looks like {ServeSettings.DefaultUrl}{(url.Contains(',', StringComparison.Ordinal) ? "; separate several with ;" : "")}.");
        }

        string host = uri.IdnHost.Equals(Localhost, StringComparison.OrdinalIgnoreCase) ? Localhost : uri.IdnHost.Trim('[', ']');
        return host == Localhost && uri.Port == 0
            ? throw new ServeSettingsException($"{setting}: '{url}' asks for a free port, which 127.0.0.1 and [::1] have, but not localhost, which is both.")
            : new ListenAddress(uri.Scheme, host, uri.Port);
    }

    // Apart, so that an address loads no resolver.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IPAddress[] AddressesOf(string host, string setting)
    {
        try
        {
            return Dns.GetHostAddresses(host);
        }
        catch (SocketException e)
        {
            throw new ServeSettingsException($"{setting}: the host '{host}' is unknown ({e.Message}); give an address of this machine, or 0.0.0.0 for all of them.", e);
        }
    }

    /// <summary>Returns the same with the addresses that a name stands for, each of which is one of this machine's.</summary>
    /// <exception cref="ServeSettingsException">The name cannot be resolved, or an address is another machine's.</exception>
    internal IEnumerable<ListenAddress> Resolve(string setting)
    {
        if (_host == Localhost)
        {
            return [this];
        }

        IPAddress[] addresses = Address is { } given ? [given] : AddressesOf(_host, setting);
        foreach (IPAddress address in addresses)
        {
            RefuseOthers(address, setting);
        }

        return addresses.Select(address => new ListenAddress(_scheme, address.ToString(), _port));
    }

    /// <summary>Binds to it for a moment, as the web server does: not if the system chooses the port, or if it is a name.</summary>
    /// <exception cref="SocketException">It is taken, or not for this user.</exception>
    internal void TryBind()
    {
        IPAddress[] addresses = _port == 0 ? [] : _host == Localhost ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : Address is { } one ? [one] : [];
        foreach (IPAddress address in addresses)
        {
            try
            {
                using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                if (address.Equals(IPAddress.IPv6Any))
                {
                    probe.DualMode = true;
                }

                probe.Bind(new IPEndPoint(address, _port));
            }
            catch (SocketException e) when (_host == Localhost && e.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
            {
                // One of both is enough.
            }
        }
    }

    /// <summary>Returns the same with a port that the system chooses; on 127.0.0.1 for localhost, which is not given one.</summary>
    internal ListenAddress OnFreePort() => new(_scheme, _host == Localhost ? "127.0.0.1" : _host, 0);

    /// <summary>Returns whether an address, as a server reports it, can be reached from elsewhere.</summary>
    internal static bool IsBeyondLoopback(string address)
    {
        try
        {
            return !address.Contains("://unix:", StringComparison.Ordinal) && !address.Contains("://pipe:", StringComparison.Ordinal) && !Parse(address, "").IsLoopback;
        }
        catch (ServeSettingsException)
        {
            return true;
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_scheme}://{(_host.Contains(':', StringComparison.Ordinal) ? $"[{_host}]" : _host)}:{_port}");

    private void RefuseOthers(IPAddress address, string setting)
    {
        try
        {
            using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(address, 0));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            string what = Address is null ? $"{address}, which '{_host}' stands for," : $"{address}";
            throw new ServeSettingsException($"{setting}: {what} is not an address of this machine; give one that is, or 0.0.0.0 for all of them.", e);
        }
        catch (SocketException e)
        {
            throw new ServeSettingsException($"{setting}: this machine cannot listen on {address}: {e.Message}", e);
        }
    }
}
