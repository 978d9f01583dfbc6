using System.Buffers;
using System.Reflection;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansLake.Client;
using OrleansLake.Client.Embedded;

namespace OrleansLake.Server.Tests.Sources;

/// <summary>An application's lake that fails at each send of messages that hold a word.</summary>
public class FailingLake : DispatchProxy
{
    private ILakeClient _lake = null!;
    private Func<string, Exception?> _failure = null!;

    /// <summary>Puts one in front of an application's lake.</summary>
    internal static void AddTo(IServiceCollection services, Func<string, Exception?> failure) => services.AddSingleton(provider =>
    {
        ILakeClient client = Create<ILakeClient, FailingLake>();
        var failing = (FailingLake)client;
        failing._lake = provider.GetRequiredService<HostedLakeClient>();
        failing._failure = failure;
        return client;
    });

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (args is [ReadOnlySequence<byte> messages, SendOptions { Refusal: null }, ..] && _failure(Encoding.UTF8.GetString(messages)) is { } failure)
        {
            throw failure;
        }

        return targetMethod!.Invoke(_lake, args);
    }
}
