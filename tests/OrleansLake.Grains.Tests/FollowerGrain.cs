using Orleans.Concurrency;
using Orleans.Streams;

namespace OrleansLake.Grains.Tests;

/// <inheritdoc cref="IFollowerGrain"/>
[Reentrant]
[ImplicitStreamSubscription(LakeStreams.Namespace)]
public sealed class FollowerGrain : Grain, IFollowerGrain, IAsyncObserver<BronzeFrame>
{
    private readonly List<(long Sequence, long Rows)> _seen = [];
    private StreamSubscriptionHandle<BronzeFrame> _subscription = null!;
    private TaskCompletionSource _came = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken) =>
        _subscription = await this.GetStreamProvider(LakeStreams.ProviderName)
            .GetStream<BronzeFrame>(LakeStreams.StreamOf((int)this.GetPrimaryKeyLong())).SubscribeAsync(this, LakeStreams.TokenOf(0));

    /// <inheritdoc/>
    public Task<List<(long Sequence, long Rows)>> SeenAsync() => Task.FromResult<List<(long, long)>>([.. _seen]);

    /// <inheritdoc/>
    public async Task RewindAsync(long sequence)
    {
        _seen.Clear();
        _subscription = await _subscription.ResumeAsync(this, LakeStreams.TokenOf(sequence));
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
