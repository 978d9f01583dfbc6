using System.Buffers;
using System.Text;
using Orleans.TestingHost;
using OrleansLake.Core.Reports;
using OrleansLake.TestSupport;

namespace OrleansLake.Grains.Tests;

/// <summary>Silos in this process that serve a lake in a folder of its own.</summary>
internal sealed class LakeCluster : IAsyncDisposable
{
    private readonly ScratchFolder _folder;
    private readonly bool _ownsFolder;

    private LakeCluster(ScratchFolder folder, bool ownsFolder, InProcessTestCluster cluster)
    {
        _folder = folder;
        _ownsFolder = ownsFolder;
        Cluster = cluster;
    }

    internal InProcessTestCluster Cluster { get; }

    internal string Folder => Path.Combine(_folder.Path, "lake");

    internal IGatewayGrain Gateway => Cluster.Client.GetGrain<IGatewayGrain>(0);

    internal static async Task<LakeCluster> StartAsync(
        short silos, int partitions, Action<LakeClusterOptions>? configure = null, ScratchFolder? folder = null, Action<ISiloBuilder>? silo = null)
    {
        ScratchFolder scratch = folder ?? new ScratchFolder();
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, one) =>
        {
            silo?.Invoke(one);
            one.AddLake(Path.Combine(scratch.Path, "lake"), options =>
            {
                options.Partitions = partitions;
                options.Trigger = TimeSpan.FromSeconds(1);
                configure?.Invoke(options);
            });
        });
        InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        return new LakeCluster(scratch, folder is null, cluster);
    }

    internal IPartitionGrain Partition(int number) => Cluster.Client.GetGrain<IPartitionGrain>(number);

    internal async Task<string> NdjsonAsync(ReportDefinition report)
    {
        ReportResponse readout = await Gateway.GetReportAsync(report.Name);
        return Ndjson(readout.ToTable());
    }

    internal static string Ndjson(ReportTable table)
    {
        var bytes = new ArrayBufferWriter<byte>();
        table.WriteNdjson(bytes);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        if (_ownsFolder)
        {
            _folder.Dispose();
        }
    }
}
