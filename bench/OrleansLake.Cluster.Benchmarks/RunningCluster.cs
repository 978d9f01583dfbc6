using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLake.Grains;
using OrleansLake.Grains.Wire;
using OrleansLake.TestSupport;

namespace OrleansLake.Cluster.Benchmarks;

/// <summary>Silos as processes of their own over a fresh lake, and a client.</summary>
internal sealed class RunningCluster : IAsyncDisposable
{
    private const string ClusterId = "lake";

    private readonly string _folder;
    private readonly List<Process> _silos;
    private readonly IHost _client;

    private RunningCluster(string folder, List<Process> silos, IHost client)
    {
        _folder = folder;
        _silos = silos;
        _client = client;
    }

    internal IGrainFactory Grains => _client.Services.GetRequiredService<IGrainFactory>();

    internal IGatewayGrain Gateway => Grains.GetGrain<IGatewayGrain>(0);

    /// <summary>Gets what the silos hold in memory, in bytes.</summary>
    internal long MemoryBytes => _silos.Where(silo => !silo.HasExited).Sum(silo =>
    {
        silo.Refresh();
        return silo.WorkingSet64;
    });

    /// <summary>Gets what the silos have used of processors: unlike a rate, nearly the same on a busy machine.</summary>
    internal TimeSpan ProcessorTime
    {
        get
        {
            TimeSpan sum = default;
            foreach (Process silo in _silos.Where(silo => !silo.HasExited))
            {
                silo.Refresh();
                sum += silo.TotalProcessorTime;
            }

            return sum;
        }
    }

    internal static async Task<RunningCluster> StartAsync(int silos, int partitions, DeduplicationKind deduplication)
    {
        string folder = Path.Combine(Path.GetTempPath(), $"orleanslake-cluster-{Guid.NewGuid():n}");
        int primary = FreePort();
        var gateways = new List<int>();
        var processes = new List<Process>();
        for (int i = 0; i < silos; i++)
        {
            gateways.Add(FreePort());
            Process silo = Start(folder, partitions, deduplication, i == 0 ? primary : FreePort(), gateways[i], primary);
            processes.Add(silo);
            await StartedAsync(silo);
        }

        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.UseOrleansClient(client => client.UseLocalhostClustering([.. gateways], ClusterId, ClusterId));
        IHost host = builder.Build();
        await host.StartAsync();
        var cluster = new RunningCluster(folder, processes, host);
        await cluster.SpreadAsync(silos, partitions);
        return cluster;
    }

    /// <summary>Kills the silo that was started last, so that the one with the list of silos lives.</summary>
    internal async Task KillLastAsync()
    {
        _silos[^1].Kill();
        await _silos[^1].WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _client.StopAsync();
        _client.Dispose();
        foreach (Process silo in _silos)
        {
            if (!silo.HasExited)
            {
                silo.Kill();
                await silo.WaitForExitAsync();
            }

            silo.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    // Silos get their partitions one by one, at triggers: measured is what the cluster does, not how it begins. A partition that
    // moves under way leaves its message grains behind, and each call to one of those crosses processes.
    private async Task SpreadAsync(int silos, int partitions)
    {
        for (int tries = 0; tries < 600; tries++)
        {
            PartitionStatus[] standings = await Retries.RunAsync(() => Gateway.GetStatusesAsync());
            int[] shares = [.. standings.GroupBy(standing => standing.Silo).Select(share => share.Count())];
            if (shares.Length == Math.Min(silos, partitions) && shares.Max() - shares.Min() <= 1)
            {
                return;
            }

            await Task.Delay(100);
        }

        throw new TimeoutException("the partitions have not spread over the silos within a minute");
    }

    private static Process Start(string folder, int partitions, DeduplicationKind deduplication, int port, int gatewayPort, int primaryPort)
    {
        var start = new ProcessStartInfo("dotnet", [BuiltProgram.Silo]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["Lake__Folder"] = folder;
        start.Environment["Lake__Partitions"] = partitions.ToString(CultureInfo.InvariantCulture);
        start.Environment["Lake__Deduplication"] = deduplication.ToString();
        start.Environment["Silo__Port"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["Silo__GatewayPort"] = gatewayPort.ToString(CultureInfo.InvariantCulture);
        start.Environment["Cluster__PrimaryPort"] = primaryPort.ToString(CultureInfo.InvariantCulture);
        return Process.Start(start)!;
    }

    private static async Task StartedAsync(Process silo)
    {
        while (await silo.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("Application started", StringComparison.Ordinal))
            {
                _ = silo.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                _ = silo.StandardError.BaseStream.CopyToAsync(Stream.Null);
                return;
            }
        }

        throw new InvalidOperationException($"the silo ended: {await silo.StandardError.ReadToEndAsync()}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
