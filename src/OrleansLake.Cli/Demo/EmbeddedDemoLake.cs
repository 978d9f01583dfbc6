using OrleansLake.Cli.Producing;
using OrleansLake.Core.Reports;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Demo;

/// <summary>A demo's lake in this process.</summary>
internal sealed class EmbeddedDemoLake(Lake lake) : IDemoLake
{
    public IMessageSink Sink { get; } = new LakeSink(lake);

    public LakeStatus Status => lake.Status;

    public ReportTable Report1 => lake.Report(LakeReports.Report1);

    public Task RunAsync(CancellationToken stop) => lake.RunAsync(new RunOptions(), null, stop);
}
