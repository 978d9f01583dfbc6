using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansLake.Server.Endpoints;
using OrleansLake.Server.Requests;

namespace OrleansLake.Server;

/// <summary>The lake among an application's health checks.</summary>
public static class OrleansLakeHealthChecks
{
    /// <summary>
    /// Adds whether the lake takes messages and its pipeline runs: <c>orleanslake</c>, tagged <c>ready</c>, which is unhealthy
    /// while it does not; and <c>orleanslake-alive</c>, tagged <c>live</c>, which only a process that no longer answers fails.
    /// </summary>
    /// <param name="builder">What <c>AddHealthChecks</c> gives.</param>
    public static IHealthChecksBuilder AddOrleansLake(this IHealthChecksBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Add(new HealthCheckRegistration("orleanslake", HealthOf, failureStatus: null, tags: ["ready"]));
        return builder.Add(new HealthCheckRegistration("orleanslake-alive", _ => new Check(() => HealthEndpoints.Healthy), failureStatus: null, tags: ["live"]));
    }

    // Health checks are made when they are first asked for, and a host that cannot make one says so with 500.
    private static Check HealthOf(IServiceProvider provider)
    {
        LakeRegistration.Required(provider, "AddHealthChecks().AddOrleansLake()");
        return new Check(() => HealthEndpoints.StateOf(provider));
    }

    private sealed class Check(Func<string> state) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            string now = state();
            return Task.FromResult(now == HealthEndpoints.Healthy ? HealthCheckResult.Healthy() : new HealthCheckResult(context.Registration.FailureStatus, $"The lake is {now}."));
        }
    }
}
