using Orleans.Concurrency;
using Orleans.Streams;

namespace OrleansLake.Grains.Tests;

/// <inheritdoc cref="IFollowerGrain"/>
[Reentrant]
[ImplicitStreamSubscription(LakeStreams.Namespace)]
public sealed class FollowerGrain : Grain, IFollowerGrain, IAsyncObserver<BronzeFrame>
{
    private readonly List<(long Sequence, long Rows)> _seen = [];
    private TaskCompletionSource _came = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The last frame that activations say they have.</summary>
    public static long Has { get; set; } = -1;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken) =>
        await this.GetStreamProvider(LakeStreams.ProviderName)
            .GetStream<BronzeFrame>(LakeStreams.StreamOf((int)this.GetPrimaryKeyLong())).SubscribeAsync(this, LakeStreams.TokenOf(Has));

    /// <inheritdoc/>
    public Task<List<(long Sequence, long Rows)>> SeenAsync() => Task.FromResult<List<(long, long)>>([.. _seen]);

    /// <inheritdoc/>
    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task WaitAsync(long rows)
    {
        while (_seen.Sum(frame => frame.Rows) < rows)
        {
            await _came.Task;
        }
    }

    /// <inheritdoc/>
    public Task OnNextAsync(BronzeFrame item, StreamSequenceToken? token = null)
    {
        Assert.Equal(item.Sequence, token!.SequenceNumber);
        _seen.Add((item.Sequence, item.Content.RowCount));
        _came.SetResult();
        _came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
