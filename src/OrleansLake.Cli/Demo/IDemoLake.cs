using OrleansLake.Cli.Producing;
using OrleansLake.Core.Reports;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Demo;

/// <summary>The lake that a demo fills: in this process, or of silos.</summary>
internal interface IDemoLake
{
    /// <summary>Gets where its messages go.</summary>
    IMessageSink Sink { get; }

    /// <summary>Gets the lake's status, as far as is known.</summary>
    LakeStatus Status { get; }

    /// <summary>Gets report 1, live, as far as is known.</summary>
    ReportTable Report1 { get; }

    /// <summary>Lets silver and gold follow until it is asked to stop; when it ends, everything accepted is published.</summary>
    Task RunAsync(CancellationToken stop);
}
