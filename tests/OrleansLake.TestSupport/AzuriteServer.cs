using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OrleansLake.TestSupport;

/// <summary>Azure Storage, its blobs or its tables, as Azurite (tests/azurite, from npm) plays it: a server of a test's own, whose content outlives its process.</summary>
public sealed class AzuriteServer : IDisposable
{
    // The account that Azurite's documentation names; it is not a secret.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly NpmFolder Program = new("azurite", "Azurite");
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(1);

    private readonly ScratchFolder _folder = new();
    private readonly string _service;
    private Process? _process;

    private AzuriteServer(int port, string service)
    {
        Port = port;
        _service = service;
    }

    /// <summary>Gets the reason why there can be none on this machine, in one line; null if there can. In CI a missing one fails instead.</summary>
    public static string? MissingBecause => ForeignReaders.Required ? null : Program.MissingBecause;

    /// <summary>Gets the place where it listens on this machine.</summary>
    public int Port { get; }

    /// <summary>A client's connection string.</summary>
    public string ConnectionString => ConnectionStringBy(Port);

    /// <summary>A client's connection string of a server of tables.</summary>
    public string TablesConnectionString => ConnectionString.Replace("BlobEndpoint", "TableEndpoint", StringComparison.Ordinal);

    /// <summary>Starts a server with nothing in it.</summary>
    public static AzuriteServer Start() => Start("blob");

    /// <summary>Starts a server of tables with nothing in it; see <see cref="TablesConnectionString"/>.</summary>
    public static AzuriteServer StartTables() => Start("table");

    private static AzuriteServer Start(string service)
    {
        if (Program.MissingBecause is { } reason)
        {
            throw new InvalidOperationException(reason);
        }

        var server = new AzuriteServer(FreePort.Take(), service);
        server.Up();
        return server;
    }

    /// <summary>The connection string of a client that comes by another port, such as a proxy's.</summary>
    public static string ConnectionStringBy(int port) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{port}/{Account};";

    /// <summary>Starts it, again after <see cref="Down"/>; on return it answers.</summary>
    public void Up()
    {
        var start = new ProcessStartInfo(
            NpmFolder.Find("node")!,
            [
                Program[$"node_modules/azurite/dist/src/{_service}/main.js"], $"--{_service}Host", "127.0.0.1", $"--{_service}Port", $"{Port}",
                "--location", _folder.Path, "--silent", "--disableTelemetry", "--skipApiVersionCheck",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        var said = new System.Collections.Concurrent.ConcurrentQueue<string?>();
        _process.OutputDataReceived += (_, line) => said.Enqueue(line.Data);
        _process.ErrorDataReceived += (_, line) => said.Enqueue(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var socket = new TcpClient();
                socket.Connect(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (waited.Elapsed < StartTimeout && !_process.HasExited)
            {
                Thread.Sleep(50);
            }
            catch (SocketException e)
            {
                throw new InvalidOperationException($"Azurite did not start: {string.Join(' ', said)}", e);
            }
        }
    }

    /// <summary>
    /// Stops it, in the middle of requests. It is asked to (SIGTERM), because Azurite writes what it answered to its disk
    /// up to five seconds later: the service that it plays loses nothing that it answered.
    /// </summary>
    public void Down()
    {
        if (OperatingSystem.IsWindows())
        {
            _process!.Kill(entireProcessTree: true);
        }
        else
        {
            using Process term = Process.Start("kill", ["-TERM", $"{_process!.Id}"]);
            term.WaitForExit();
        }

        if (!_process.WaitForExit(StartTimeout))
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
        _process = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        _folder.Dispose();
    }
}
