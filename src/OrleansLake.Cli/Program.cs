using OrleansLake.Cli.Commands;
using OrleansLake.Cli.Hosting;
using OrleansLake.Cli.Output;

// Batch work has no pauses to hide; a background collector would only take its time. A server lets the collector stop all
// threads for young objects only, not to compact the old ones: at 250,000 messages/s that halved the p99 of an answer.
System.Runtime.GCSettings.LatencyMode = args.Contains("serve")
    ? System.Runtime.GCLatencyMode.SustainedLowLatency
    : System.Runtime.GCLatencyMode.Batch;

using Terminal terminal = Terminal.OfProcess();
return await Execution.RunAsync(LakeCommandLine.Build(terminal), args, terminal, Interrupts.OfProcess).ConfigureAwait(false);
