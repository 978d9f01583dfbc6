namespace OrleansLake.Server.Sinks;

/// <summary>Looks at addresses of sinks before a program starts.</summary>
internal static class ReportSinkAddress
{
    /// <summary>Returns what is wrong with an address; null if nothing is.</summary>
    /// <param name="services">Services with the kinds of sinks that there are.</param>
    /// <param name="address">The address.</param>
    /// <param name="setting">The setting's name.</param>
    internal static string? FaultOf(IServiceCollection services, string address, string setting)
    {
        try
        {
            _ = SinkCatalog.Opener(address, setting, [.. services.Select(static one => one.ImplementationInstance).OfType<SinkScheme>()])();
            return null;
        }
        catch (ServeSettingsException e)
        {
            return e.Message;
        }
    }
}
