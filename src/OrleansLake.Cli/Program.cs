using OrleansLake.Cli.Commands;
using OrleansLake.Cli.Hosting;

if (!args.Contains("serve"))
{
    // Batch work has no pauses to hide; a background collector would only take its time.
    System.Runtime.GCSettings.LatencyMode = System.Runtime.GCLatencyMode.Batch;
}

using Terminal terminal = Terminal.OfProcess();
return await Execution.RunAsync(LakeCommandLine.Build(terminal), args, terminal, Interrupts.OfProcess).ConfigureAwait(false);
