using OrleansLake.Cli.Commands;
using OrleansLake.Cli.Hosting;

using Terminal terminal = Terminal.OfProcess();
return await Execution.RunAsync(LakeCommandLine.Build(terminal), args, terminal, Interrupts.OfProcess).ConfigureAwait(false);
