using System.Diagnostics;
using OrleansLake.Core.Messages;
using OrleansLake.Engine.Live;
using OrleansLake.Engine.Publishing;
using OrleansLake.Storage;

namespace OrleansLake.Engine;

/// <content>What the live view needs of a partition: to be woken, and to look at everything at one moment.</content>
internal sealed partial class LakePartition
{
    private Action? _durableAdvanced;
    private long? _newestMicros;
    private long _appliedOffset;
    private double _fsyncMs;

    /// <summary>The lake's generation.</summary>
    internal long Generation => _partition.Current.Generation;

    /// <summary>Gets the store of the files.</summary>
    internal ILakeStore Store => _store;

    /// <summary>The offset up to which messages are applied, without waiting for whoever applies or commits right now.</summary>
    internal long AppliedOffsetSeen => Volatile.Read(ref _appliedOffset);

    /// <summary>The offset up to which messages may be acknowledged.</summary>
    internal long DurableOffset => _partition.Durable.Offset;

    /// <summary>
    /// Starts applying and tells from now on when there is more to apply. The newest timestamp is kept from now on, too.
    /// </summary>
    /// <param name="durableAdvanced">Called by whoever made messages durable, between its fsync and its answer: quick, and without a lock.</param>
    internal void GoLive(Action durableAdvanced)
    {
        lock (_turnGate)
        {
            StartApplying(CancellationToken.None);
            lock (_stateGate)
            {
                _newestMicros = _state.NewestTimestamp() ?? long.MinValue;
                Volatile.Write(ref _appliedOffset, _applied.Offset);
                _durableAdvanced = durableAdvanced;
            }
        }
    }

    /// <summary>Keeps the newest timestamp from now on, for a host that brings the frames itself. The state must be there.</summary>
    internal void KeepNewest()
    {
        lock (_stateGate)
        {
            _newestMicros ??= _state.NewestTimestamp() ?? long.MinValue;
        }
    }

    /// <summary>All copies of a message, as of one moment.</summary>
    internal MessageHistory Search(string messageId) =>
        MessageSearch.Run(this, moment => new LiveMoment(moment.Generation, [moment.Applied.Offset], _clock.GetUtcNow()), messageId);

    /// <summary>Looks at the partition while it stands still.</summary>
    internal T Look<T>(Func<PartitionMoment, T> look)
    {
        lock (_stateGate)
        {
            return look(new PartitionMoment(
                _state, _published.Manifest.Generation, _applied, _rejected,
                _newestMicros is { } newest and not long.MinValue ? newest : null,
                _committing is { } cut ? cut.Rows.Batches.Concat(_pending.Batches) : _pending.Batches, _published.Files));
        }
    }

    private void OnDurable(long started)
    {
        Volatile.Write(ref _fsyncMs, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        _durableAdvanced?.Invoke();
    }

    private void OnApplied(AppliedBatch applied)
    {
        if (_newestMicros is { } newest)
        {
            NumberColumn<long> timestamps = applied.Batch.Timestamps;
            ReadOnlySpan<long> values = timestamps.Values;
            for (int row = 0; row < values.Length; row++)
            {
                if (values[row] > newest && applied.IsCorrupted[row] == 0 && !timestamps.IsNull(row))
                {
                    newest = values[row];
                }
            }

            _newestMicros = newest;
            Volatile.Write(ref _appliedOffset, applied.FirstOffset + applied.Batch.Count);
        }
    }
}
