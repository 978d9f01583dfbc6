using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansLake.Engine;
using OrleansLake.Silo;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
try
{
    builder.AddLakeSilo(SiloSettings.Read(builder.Configuration));
    using IHost host = builder.Build();
    await host.RunAsync();
    return 0;
}
catch (Exception e) when (e is OptionsValidationException or OrleansConfigurationException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
catch (Exception e) when (e is DbException or IOException or UnauthorizedAccessException or ArgumentException or LakeException or OrleansException)
{
    // The log has told it in full; this is the line that a restart loop shows.
    await Console.Error.WriteLineAsync($"The silo could not run: {e.Message}");
    return 5;
}
catch (SiloSettingsException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
