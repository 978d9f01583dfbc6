using OrleansLake.TestSupport;

namespace OrleansLake.Storage.Azure.Tests;

/// <summary>One server for the tests that do not harm it; each has a container of its own.</summary>
public sealed class SharedAzurite : IDisposable
{
    private readonly Lazy<AzuriteServer> _server = new(AzuriteServer.Start);

    /// <summary>A store in an empty container.</summary>
    public AzureLakeStore NewStore() => Store($"lake-{Guid.NewGuid():N}");

    /// <summary>A store in a container.</summary>
    /// <param name="container">The container.</param>
    /// <param name="port">The port to come by; the server's own if null.</param>
    public AzureLakeStore Store(string container, int? port = null) => new(Options(container, port));

    /// <summary>Returns the options with which tests connect.</summary>
    public AzureLakeStoreOptions Options(string container, int? port = null) => new()
    {
        ConnectionString = AzuriteServer.ConnectionStringBy(port ?? Port),
        Container = container,
    };

    /// <summary>The server's port.</summary>
    public int Port => _server.Value.Port;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_server.IsValueCreated)
        {
            _server.Value.Dispose();
        }
    }
}
