using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Engine;
using OrleansLake.Engine.Gold;
using OrleansLake.Engine.Live;
using OrleansLake.Engine.Partitions;
using OrleansLake.Engine.Quarantine;
using OrleansLake.Grains.Cluster;
using OrleansLake.Grains.Messages;
using OrleansLake.Grains.Reports;
using OrleansLake.Storage;
using OrleansLake.Storage.Log;

namespace OrleansLake.Grains.Partitions;

/// <summary>
/// A partition under its owner, for a host whose threads must not wait: appends share fsyncs, frames are applied in the
/// order of the log wherever they come from, and readers are notified how far it is.
/// </summary>
/// <remarks>
/// Only durable frames are applied. A frame that does not follow the last one (the stream skipped some, or has not begun)
/// is never applied: the log is read instead, so no host can lose or double one.
/// </remarks>
internal sealed class PartitionRunner : IDisposable
{
    private readonly LakePartition _partition;
    private readonly PartitionRunnerOptions _options;
    private readonly MessageGrainDeduplication? _deduplication;
    private readonly AppliedProgress _applied;
    private readonly PartitionAppends _appends;
    private readonly PartitionWriting _writing;
    private readonly ReportFeed _feed;
    private readonly SemaphoreSlim _applying = new(1);
    private readonly Task _loaded;
    private long _lastOwned;

    /// <param name="partition">The partition.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="deduplication">Who decides what counts; null if the partition does.</param>
    /// <param name="notices">Notified of what becomes of external bronze files.</param>
    internal PartitionRunner(
        LakePartition partition, PartitionRunnerOptions options, MessageGrainDeduplication? deduplication, IProgress<RunProgress>? notices = null)
    {
        _deduplication = deduplication;
        _partition = partition;
        _options = options;
        _lastOwned = partition.Clock.GetTimestamp();
        _applied = new AppliedProgress(partition.Applied, partition.Clock);
        _appends = new PartitionAppends(partition, options, _applied);
        _writing = new PartitionWriting(this, partition, notices);
        _feed = new ReportFeed(partition);
        _loaded = Task.Run(async () =>
        {
            partition.Load();
            partition.KeepNewest();
            await ApplyInOrderAsync(null);
        });
    }

    /// <summary>Gets the owner that this is.</summary>
    internal Epoch Epoch => _partition.Epoch;

    /// <summary>Gets its number, counted from 0 in every generation of the lake.</summary>
    internal int Number => _partition.Share.Place;

    /// <summary>Gets the reports as of the newest commit that it wrote them for; null if there is none by this owner.</summary>
    internal CommittedReports? Committed => _partition.Committed;

    /// <summary>Gets the first frame that is not applied.</summary>
    internal long AppliedSequence => _applied.Sequence;

    /// <summary>Gets a task that ends when the state is there, with everything that was in the log.</summary>
    internal Task Loaded => _applied.WhileHereAsync(_loaded);

    /// <summary>Gets a value indicating whether it is being deactivated: see <see cref="Leave"/>.</summary>
    internal bool IsLeaving => _applied.IsLeaving;

    /// <summary>Gets a value indicating whether durable frames have been waiting for longer than a stream should take to bring them.</summary>
    internal bool IsStreamLate => AppliedSequence < _partition.Durable.Sequence
        && _applied.SinceLast > _options.StreamPatience;

    /// <inheritdoc cref="PartitionAppends.AppendAsync"/>
    internal Task<AppendReceipt> AppendAsync(FrameEnvelope frame, CancellationToken cancellationToken) => _appends.AppendAsync(frame, cancellationToken);

    /// <inheritdoc cref="PartitionAppends.Append"/>
    internal AppendReceipt Append(FrameContent content) => _appends.Append(content);

    /// <inheritdoc cref="PartitionAppends.IsStored"/>
    internal bool IsStored(BatchKey key, uint crc32C, long length) => _appends.IsStored(key, crc32C, length);

    /// <inheritdoc cref="PartitionAppends.TopicAsync"/>
    internal Task<SourceProgress.TopicProgress?> TopicAsync(string topic, int number) => _appends.TopicAsync(topic, number);

    /// <inheritdoc cref="PartitionAppends.TopicsAsync"/>
    internal Task<SourceProgress.TopicProgress[]> TopicsAsync() => _appends.TopicsAsync();

    /// <summary>Ends when the appends under way have ended and what is applied is published: the partition can be given away.</summary>
    /// <param name="appliesAll">
    /// Whether what is in the log is applied before, by the partition itself: no message's grain can be asked where the last silo
    /// leaves. It is to go then: see <see cref="Leave"/>.
    /// </param>
    internal async Task DrainAsync(bool appliesAll = false)
    {
        await _appends.DrainedAsync();
        if (!appliesAll)
        {
            await CommitAsync();
            return;
        }

        await Task.Run(() =>
        {
            // What others are about to apply is passed over by then.
            _partition.Load();
            foreach (LogFrame frame in _partition.ReadFrames(_partition.Applied))
            {
                _partition.TryApply(frame);
            }

            _partition.Commit();
        });
    }

    /// <summary>Returns durable frames from one on; none if the log ends there.</summary>
    internal async Task<IReadOnlyList<BronzeFrame>> ReadAsync(long sequence, int framesMax)
    {
        if (_appends.Tail.Read(sequence, _partition.Durable, framesMax) is { } recent)
        {
            return recent;
        }

        // What was published is no longer in the log.
        long first = Math.Max(sequence, _partition.Current.Applied.Sequence);
        return await Task.Run(() => (IReadOnlyList<BronzeFrame>)[.. _partition.ReadFrames(new LogPosition(first, 0)).Take(framesMax).Select(BronzeFrame.Of)]);
    }

    /// <summary>Applies frames that follow each other; where some are missing before them, these come from the log.</summary>
    /// <exception cref="OwnershipLostException">The partition is leaving.</exception>
    internal Task ApplyAsync(IReadOnlyList<BronzeFrame> frames)
    {
        return _applied.WhileHereAsync(RunAsync());

        async Task RunAsync()
        {
            await Loaded;
            if (!await ApplyInOrderAsync(frames.Select(frame => frame.ToLogFrame())))
            {
                await ApplyInOrderAsync(null);
            }
        }
    }

    /// <summary>Applies what is in the log.</summary>
    /// <exception cref="OwnershipLostException">The partition is leaving.</exception>
    internal Task CatchUpAsync()
    {
        return _applied.WhileHereAsync(RunAsync());

        async Task RunAsync()
        {
            await Loaded;
            await ApplyInOrderAsync(null);
        }
    }

    /// <summary>Returns reports and counts at one version.</summary>
    internal Task<PartitionReading> ReadReportsAsync(IReadOnlyList<ReportDefinition> reports) => OwnedAsync(() => _partition.Read(reports));

    /// <summary>Returns the current version.</summary>
    internal Task<PartitionVersion> VersionAsync() => OwnedAsync(_feed.Moment);

    /// <summary>Returns the changes in the rows of a scope since a step.</summary>
    internal async Task<ReportSteps> FollowAsync(ReportScope scope, long knownEpoch, long knownStep)
    {
        await Loaded;
        return await Task.Run(() => _feed.Follow(scope, knownEpoch, knownStep));
    }

    /// <summary>Stops collecting changes for those who stopped following.</summary>
    internal void StopTrackingIfIdle() => _feed.StopTrackingIfIdle();

    /// <summary>Returns all copies of a message.</summary>
    internal Task<MessageHistoryResponse> SearchAsync(string messageId) => OwnedAsync(() => MessageHistoryResponse.Of(MessageSearch.Run(_partition, messageId)));

    /// <summary>Returns rejected records, oldest first.</summary>
    internal async Task<QuarantineResponse> QuarantineAsync(RejectionReason? code, string? source, int recordsMax)
    {
        await Loaded;
        return await Task.Run(() =>
        {
            // Identities and what is replayed are not asked for here.
            IEnumerable<QuarantineEntry> all = QuarantineReader.Read(_partition.Store, 0, _partition.Quarantined(), [QuarantineRange.All], static _ => default);
            return QuarantineResponse.Of(all.Where(entry => source is null || entry.Source == source), code, recordsMax);
        });
    }

    /// <summary>Returns the copies of a message that count.</summary>
    internal Task<List<MessageOccurrence>> FindAsync(string messageId) => OwnedAsync(() => _partition.Find([Encoding.UTF8.GetBytes(messageId)])[0]);

    /// <inheritdoc cref="AppliedProgress.WaitAsync"/>
    internal Task<bool> WaitAppliedAsync(long offset, CancellationToken cancellationToken) => _applied.WaitAsync(offset, _options.WaitMax, cancellationToken);

    /// <inheritdoc cref="AppliedProgress.Leave"/>
    internal void Leave() => _applied.Leave();

    /// <summary>Publishes what is applied.</summary>
    internal async Task CommitAsync()
    {
        await Loaded;
        await Task.Run(() => _partition.Commit());
        _applied.Note(_partition.Applied);
    }

    /// <summary>Returns the reports as of the newest commit.</summary>
    internal async Task<CommittedReports> CommittedAsync()
    {
        if (_partition.Committed is null)
        {
            await CommitAsync();
        }

        return _partition.Committed!;
    }

    /// <inheritdoc cref="PartitionWriting.WriteAsync"/>
    internal Task WriteAsync(PartitionedLake lake, IGrainFactory grains) => _writing.WriteAsync(lake, grains);

    /// <summary>Returns the partition's status.</summary>
    internal async Task<LakeStatus> StatusAsync()
    {
        await Loaded;
        return await Task.Run(() => _partition.Status);
    }

    public void Dispose()
    {
        Leave();
        _partition.Dispose();
        _applying.Dispose();
        _writing.Dispose();
    }

    private async Task<T> OwnedAsync<T>(Func<T> read)
    {
        await Loaded;
        return await Task.Run(() =>
        {
            // The check counts from before it: an owner that comes during it may have been missed.
            long now = _partition.Clock.GetTimestamp();
            if (_partition.Clock.GetElapsedTime(Volatile.Read(ref _lastOwned), now) >= _options.OwnedFor)
            {
                _partition.CheckOwnership();
                Volatile.Write(ref _lastOwned, now);
            }

            return read();
        });
    }

    // From the log if there are no frames. False if frames are missing before one.
    private async Task<bool> ApplyInOrderAsync(IEnumerable<LogFrame>? frames)
    {
        await _applying.WaitAsync();
        try
        {
            return await Task.Run(async () =>
            {
                foreach (LogFrame frame in frames ?? _partition.ReadFrames(_partition.Applied))
                {
                    if (frame.Start.Sequence < AppliedSequence)
                    {
                        continue;
                    }

                    if (frame.Start.Sequence > AppliedSequence)
                    {
                        return false;
                    }

                    KeyDecision[]? decisions = _deduplication is null ? null : await _deduplication.DecideAsync(frame, _applied.Left);
                    _applied.ThrowIfLeaving();

                    if (!_partition.TryApply(frame, decisions))
                    {
                        return false;
                    }

                    _applied.Note(_partition.Applied);
                }

                return true;
            });
        }
        finally
        {
            _applying.Release();
        }
    }
}
