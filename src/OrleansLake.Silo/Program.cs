using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansLake.Engine;
using OrleansLake.Server;
using OrleansLake.Silo;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
try
{
    SiloSettings settings = SiloSettings.Read(builder.Configuration);
    builder.AddLakeSilo(settings);
    using IHost host = builder.Build();
    await host.StartAsync();
    if (settings.HttpUrls.Count > 0)
    {
        try
        {
            await SiloWeb.RunAsync(host, settings);
        }
        catch
        {
            // The others are told, so that its partitions move at once.
            await host.StopAsync();
            throw;
        }
    }

    await host.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (e is OptionsValidationException or OrleansConfigurationException or ServeSettingsException or SiloSettingsException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("The silo was stopped before it had joined the others. Without a database the first silo keeps the list of them (on port 11111, or Cluster:PrimaryPort): does it run?");
    return 130;
}
catch (Exception e) when (e is DbException or IOException or UnauthorizedAccessException or ArgumentException or LakeException or OrleansException)
{
    // The log has told it in full; this is the line that a restart loop shows.
    await Console.Error.WriteLineAsync($"The silo could not run: {e.Message}");
    return 5;
}
