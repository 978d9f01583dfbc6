using Microsoft.Extensions.DependencyInjection;
using OrleansLake.Server;

namespace OrleansLake.Sinks.PostgreSql;

/// <summary>Makes an application's lake keep its reports in PostgreSQL as well.</summary>
public static class PostgreSqlSinkServices
{
    /// <summary>Writes reports to a schema of a database, as they change. May be called several times, for several places.</summary>
    /// <param name="services">The services, with a lake.</param>
    /// <param name="sink"><c>postgresql://user@host:5432/database</c>.</param>
    /// <exception cref="ServeSettingsException">It is not such an address, or names a schema that was added before.</exception>
    public static IServiceCollection AddPostgreSqlSink(this IServiceCollection services, string sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        return PostgreSqlTarget.TryParse(sink, out PostgreSqlTarget? target, out string? error) ? services.AddPostgreSqlSink(target) : throw new ServeSettingsException($"The sink cannot be used: {error}.");
    }

    /// <summary>Writes reports to a schema of a database, as they change. May be called several times, for several places.</summary>
    /// <param name="services">The services, with a lake.</param>
    /// <param name="sink">The schema.</param>
    /// <exception cref="ServeSettingsException">The schema was added before.</exception>
    public static IServiceCollection AddPostgreSqlSink(this IServiceCollection services, PostgreSqlTarget sink)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(sink);
        var named = new NamedSchema(sink.Host, sink.Port, sink.Database, sink.Schema);
        if (services.Any(one => named.Equals(one.ImplementationInstance)))
        {
            throw new ServeSettingsException($"{sink} is named twice: it has one writer. Leave one of the two out, or give it another schema=NAME.");
        }

        return services.AddSingleton(named).AddReportSink(_ => new PostgreSqlSink(sink));
    }

    /// <summary>Lets <see cref="LakeServerOptions.Sinks"/>, and so the setting <c>OrleansLake:Sinks</c>, name places by <c>postgresql://</c>.</summary>
    /// <param name="services">The services, with a lake.</param>
    public static IServiceCollection AddPostgreSqlSinks(this IServiceCollection services) => services.AddReportSinks(["postgresql", "postgres"], Open);

    private static PostgreSqlSink Open(string address) =>
        PostgreSqlTarget.TryParse(address, out PostgreSqlTarget? target, out string? error) ? new PostgreSqlSink(target) : throw new ServeSettingsException($"the sink cannot be used: {error}.");

    private sealed record NamedSchema(string Host, int Port, string Database, string Schema);
}
