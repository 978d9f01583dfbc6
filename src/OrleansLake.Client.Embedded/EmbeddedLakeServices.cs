using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OrleansLake.Client.Configuration;
using OrleansLake.Client.Settings;

namespace OrleansLake.Client.Embedded;

/// <summary>Puts a lake that this process owns into an application's services.</summary>
public static class EmbeddedLakeServices
{
    /// <summary>The section of an application's configuration that <see cref="EmbeddedLakeOptions"/> are read from.</summary>
    internal const string Section = "OrleansLake";

    /// <summary>
    /// Adds a lake that is opened when the host starts and given back when it stops, and <see cref="ILakeClient"/> over it. With an HTTP API as well it
    /// is <c>AddOrleansLake</c> of the package OrleansLake.Server.
    /// </summary>
    /// <exception cref="InvalidOperationException">The application has a lake already.</exception>
    public static IServiceCollection AddEmbeddedOrleansLake(this IServiceCollection services, Action<EmbeddedLakeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(static service => service.ServiceType == typeof(LakeHost)))
        {
            throw new InvalidOperationException("The application has a lake already: call AddEmbeddedOrleansLake() or AddOrleansLake() once.");
        }

        LakeClientNames names = LakeClientNames.Of(services);
        names.IsBesideServer = true;
        services.AddOptions<EmbeddedLakeOptions>()
            .Configure<IConfiguration>((options, configuration) =>
            {
                if (SettingBinder.Bind(configuration, Section, options, names.IsAnyConfigured ? [LakeClientNames.Section] : []) is { Count: > 0 } problems)
                {
                    throw new OptionsValidationException(Options.DefaultName, typeof(EmbeddedLakeOptions), problems);
                }
            })
            .Configure(options => configure?.Invoke(options))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<EmbeddedLakeOptions>, Validation>();
        return services.AddLakeHost(static provider => provider.GetRequiredService<IOptions<EmbeddedLakeOptions>>().Value);
    }

    /// <summary>Adds the lake by options that others read and check.</summary>
    internal static IServiceCollection AddLakeHost(this IServiceCollection services, Func<IServiceProvider, EmbeddedLakeOptions> options)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<LakeMetrics>();
        services.AddSingleton(options);
        services.AddSingleton<LakeHost>();
        services.AddHostedService(static provider => provider.GetRequiredService<LakeHost>());
        services.AddSingleton<HostedLakeClient>();
        services.AddSingleton<ILakeClient>(static provider => provider.GetRequiredService<HostedLakeClient>());
        services.AddSingleton<ISourceSettings>(static provider => provider.GetRequiredService<HostedLakeClient>());
        return services.AddSingleton<ITopicLake>(static provider => provider.GetRequiredService<HostedLakeClient>());
    }

    private sealed class Validation : IValidateOptions<EmbeddedLakeOptions>
    {
        public ValidateOptionsResult Validate(string? name, EmbeddedLakeOptions options) =>
            SettingProblems.Of(options, Section) is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
