using Microsoft.Extensions.DependencyInjection;
using OrleansLake.Client;
using OrleansLake.Client.Embedded;
using OrleansLake.Core.Messages;

namespace OrleansLake.Server.Tests.Sources;

/// <summary>A lake that can be made to accept no records.</summary>
internal sealed class StallingLake(ITopicLake lake) : ITopicLake
{
    private int _refused;

    internal volatile bool IsStalled;

    internal int Refused => Volatile.Read(ref _refused);

    /// <summary>Puts one in front of an application's lake.</summary>
    internal static void AddTo(IServiceCollection services) =>
        services.AddSingleton(static provider => new StallingLake(provider.GetRequiredService<HostedLakeClient>())).AddSingleton<ITopicLake>(static provider => provider.GetRequiredService<StallingLake>());

    public ValueTask<IReadOnlyList<TopicPosition>> GetPositionsAsync(CancellationToken cancellationToken = default) => lake.GetPositionsAsync(cancellationToken);

    public Task<SendResult> SendAsync(TopicBatch batch, CancellationToken cancellationToken = default)
    {
        if (!IsStalled)
        {
            return lake.SendAsync(batch, cancellationToken);
        }

        Interlocked.Increment(ref _refused);
        return Task.FromResult(new SendResult { Status = SendStatus.TryAgain, RetryAfter = TimeSpan.FromMilliseconds(50), Detail = "the disk is full" });
    }
}
