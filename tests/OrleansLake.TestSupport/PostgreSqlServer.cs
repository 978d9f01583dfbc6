using System.Diagnostics;
using System.Runtime.InteropServices;
using Npgsql;
using Xunit;

namespace OrleansLake.TestSupport;

/// <summary>A PostgreSQL server of a test's own, with the membership tables that deploy/postgresql makes.</summary>
public sealed partial class PostgreSqlServer : IAsyncDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly int _port = FreePort.Take();
    private Process? _server;

    /// <summary>Gets the reason why there can be none on this machine; null if there can.</summary>
    public static string? MissingBecause { get; } = FindBinaries() is null ? "needs PostgreSQL's initdb and postgres (Debian: postgresql)" : null;

    /// <summary>Gets the port where it listens on this machine.</summary>
    public int Port => _port;

    /// <summary>Gets what Npgsql connects by.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Username=lake;Database=postgres;Pooling=true;Timeout=5";

    public static async Task<PostgreSqlServer> StartAsync()
    {
        var server = new PostgreSqlServer();
        string data = server._folder["data"];
        Directory.CreateDirectory(data);
        if (geteuid() == 0)
        {
            // PostgreSQL refuses to run as root.
            await RunAsync("chown", "-R", "postgres", server._folder.Path);
        }

        await RunAsync([.. AsUser(), Path.Combine(FindBinaries()!, "initdb"), "-D", data, "-U", "lake", "--auth=trust", "-E", "UTF8", "--no-sync"]);
        await server.UpAsync();
        foreach (string script in Directory.GetFiles(Path.Combine(Fixtures.Root, "deploy", "postgresql"), "*.sql").Order(StringComparer.Ordinal))
        {
            await server.ExecuteAsync(await File.ReadAllTextAsync(script));
        }

        return server;
    }

    /// <summary>Starts it, again after <see cref="DownAsync"/>.</summary>
    public async Task UpAsync()
    {
        string[] command =
        [
            .. AsUser(), Path.Combine(FindBinaries()!, "postgres"), "-D", _folder["data"], "-p", $"{_port}", "-k", _folder.Path,
            "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off",
        ];
        Begin(command);
        for (int tries = 0; ; tries++)
        {
            try
            {
                await ExecuteAsync("select 1");
                return;
            }
            catch (NpgsqlException) when (tries < 600)
            {
                await Task.Delay(50);
                if (_server!.HasExited)
                {
                    // It does not start while children of the one that was killed are still going.
                    Begin(command);
                }
            }
        }
    }

    private void Begin(string[] command)
    {
        _server = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _server.ErrorDataReceived += static (_, _) => { };
        _server.BeginErrorReadLine();
    }

    /// <summary>Kills it.</summary>
    public async Task DownAsync()
    {
        NpgsqlConnection.ClearAllPools();
        _server!.Kill(entireProcessTree: true);
        await _server.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await DownAsync();
        _folder.Dispose();
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The scripts are our own.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private static string? FindBinaries()
    {
        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (Directory.Exists("/usr/lib/postgresql"))
        {
            folders = folders.Concat(Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin")));
        }

        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }

    private static string[] AsUser() => geteuid() == 0 ? ["runuser", "-u", "postgres", "--"] : [];

    private static async Task RunAsync(params string[] command)
    {
        using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)}: {error}");
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
