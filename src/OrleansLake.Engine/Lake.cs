using System.Buffers;
using System.Collections.Immutable;
using OrleansLake.Core.Countries;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Core.Time;
using OrleansLake.Engine.External;
using OrleansLake.Engine.Ingest;
using OrleansLake.Engine.Live;
using OrleansLake.Engine.Mappings;
using OrleansLake.Engine.Opening;
using OrleansLake.Engine.Partitions;
using OrleansLake.Engine.Publishing;
using OrleansLake.Engine.Reading;
using OrleansLake.Engine.Rebuilding;
using OrleansLake.Engine.Running;
using OrleansLake.Engine.Sending;
using OrleansLake.Storage.Lakes;

namespace OrleansLake.Engine;

/// <summary>
/// A lake that this process owns: messages go in, silver and gold follow. Readers of other processes use
/// <see cref="LakeReader"/>.
/// </summary>
/// <remarks>
/// One of <see cref="IngestAsync"/>, <see cref="RunAsync"/>, <see cref="ReplayAsync"/> and
/// <see cref="StartEmptyAsync"/> at a time; <see cref="AppendAsync"/>, <see cref="ReplayQuarantineAsync"/>, <see cref="Status"/> and
/// <see cref="Report"/> may be called beside <see cref="RunAsync"/>, by any threads;
/// <see cref="SendAsync(ReadOnlyMemory{byte}, SendOptions?, CancellationToken)"/> beside all of them.
/// </remarks>
public sealed class Lake : IAsyncDisposable
{
    private readonly ILakeStore _store;
    private readonly LakeLock _lock;
    private readonly LakeTimeZone _zone;
    private readonly CountryTable _countries;
    private readonly ParallelWork _work;
    private readonly LakeOptions _options;
    private readonly Lock _liveGate = new();
    private readonly QuarantineWork _quarantine;
    private readonly LakeRun _run;
    private readonly ExternalBoard _external = new();
    private readonly AddedData _added;
    private readonly OwnedPartitions _owned;
    private readonly Sender _sender;
    private LakeFolderWatch? _folder;
    private LiveView? _live;

    private Lake(ILakeStore store, LakeLock taken, LakeTimeZone zone, CountryTable countries, LakeDescription lake, LakeOptions options)
    {
        _store = store;
        _lock = taken;
        _zone = zone;
        _countries = countries;
        _options = options;
        Mappings = new LakeMappings(store).Load();
        PausedSources = new PausedSources(store);
        _work = new ParallelWork(options.Threads ?? Environment.ProcessorCount);
        _added = new AddedData(lake.Added, zone, _external.Tell);
        _owned = new OwnedPartitions(lake.Partitions, OpenPartition, _work, options.Clock);
        _sender = new Sender(_owned, zone, Mappings, _work, options);
        _quarantine = new QuarantineWork(store, _owned, zone, Mappings, options);
        _folder = WatchOf(store);
        _run = new LakeRun(store, _owned, zone, _work, options, _external, () => _folder?.Look());
    }

    /// <summary>Gets the lake's current status.</summary>
    public LakeStatus Status => _owned.Current.Status with { Trouble = _run.Trouble, ExternalFiles = _external.Unsettled };

    /// <summary>
    /// Takes the notices that a run has not reported: external bronze files that are not what they were, rows that are lost, and values that are
    /// not of the type of a column that the lake adds.
    /// </summary>
    public IReadOnlyList<string> TakeNotices() => _external.Take();

    /// <summary>Gets the lake's location.</summary>
    public string Path => _options.Path;

    /// <summary>Reads what is published, without a lock.</summary>
    public LakeReader OpenReader() => LakeReader.Open(_store, _options.Reports);

    /// <summary>Gets what stores the records of topics.</summary>
    internal TopicSender Topics => _sender.Topics;

    /// <summary>Gets the sources of topics that are paused.</summary>
    internal PausedSources PausedSources { get; }

    /// <summary>Gets the mappings by which records become messages.</summary>
    public LakeMappings Mappings { get; }

    /// <summary>Gets the lake's time zone.</summary>
    public LakeTimeZone TimeZone => _zone;

    /// <summary>Gets what it keeps of records beside their messages.</summary>
    internal KeptFields Keep => _options.Keep ?? KeptFields.None;

    /// <summary>Gets the number of partitions.</summary>
    public int Partitions => _owned.All.Count;

    /// <summary>Gets the reports that it keeps.</summary>
    public ReportCatalog Reports => _options.Reports;

    /// <summary>Opens a lake as its one owner; makes it if the options say so.</summary>
    /// <exception cref="LakeException">There is none, the folder is something else, or the options do not fit it.</exception>
    /// <exception cref="LakeInUseException">Another process owns it.</exception>
    /// <exception cref="Core.CorruptDataException">It is damaged.</exception>
    public static Task<Lake> OpenAsync(LakeOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options is { CountriesFile: not null, Countries: null } ? OpenWithCountriesAsync(options, cancellationToken)
            : Task.Run(() => Open(options.OpenStore(), options), cancellationToken);
    }

    // Before the lake is locked: the file may be a pipe, and nobody knows how long it takes.
    private static async Task<Lake> OpenWithCountriesAsync(LakeOptions options, CancellationToken cancellationToken)
    {
        CountryTable countries = await CountriesSource.ReadAsync(options.CountriesFile!, LakeCreation.CountryTypeOf(options.OpenStore(), options), cancellationToken).ConfigureAwait(false);
        return await OpenAsync(options with { Countries = countries }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Returns whether a lake could be opened with options, or made: looks at the folder without a lock and writes nothing.
    /// </summary>
    /// <exception cref="LakeException">It could not; the message says why.</exception>
    /// <exception cref="AggregateException">It could not, for several reasons: each is a <see cref="LakeException"/> in it.</exception>
    /// <returns>Whether there is a lake; if not, it would be made.</returns>
    public static bool Check(LakeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return LakeCreation.Check(new LocalStore(options.Path), options);
    }

    /// <summary>
    /// Returns what keeps a lake from being opened: another process, or silos. Looks without taking the lock, writes nothing.
    /// </summary>
    /// <returns>What opening it would throw; null if nobody does.</returns>
    public static LakeInUseException? FindUse(LakeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return LakeLock.Look(new LocalStore(options.Path));
    }

    /// <summary>Ingests a source into bronze. What was accepted is durable when the task ends.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; what is durable stays, and a file continues there the next time.</exception>
    /// <exception cref="IOException">The source or the lake's disk failed; what is durable stays.</exception>
    public Task<IngestSummary> IngestAsync(
        IngestSource source, IngestOptions options, IProgress<IngestProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        options = options.Mapping is { } mapping ? options with { MappingName = Mappings.NameOf(mapping), IsMappingAsked = true } : options with { Mapping = Mappings.Default };
        return OnThreadOfItsOwn(() => _run.Ingest(source, options.Checked(), _quarantine, progress, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Accepts a body: lines of JSON (NDJSON), or one JSON array. The task ends when it is durable; thousands may wait
    /// at once, without a thread each, and one fsync serves them all.
    /// </summary>
    /// <param name="body">The body; it must not change until the task ends. Up to 8 MiB are stored as a whole or not
    /// at all; of a longer one without a key a crash may leave the start.</param>
    /// <param name="options">How; null: without a key, not strict.</param>
    /// <param name="cancellationToken">Gives up waiting; what was appended by then stays.</param>
    /// <returns>What became of it: an expected failure is not an exception.</returns>
    /// <exception cref="OwnershipLostException">Another process has opened the lake.</exception>
    public Task<SendOutcome> SendAsync(ReadOnlyMemory<byte> body, SendOptions? options = null, CancellationToken cancellationToken = default) =>
        _sender.SendAsync(body, options ?? new SendOptions(), cancellationToken);

    /// <inheritdoc cref="SendAsync(ReadOnlyMemory{byte}, SendOptions?, CancellationToken)"/>
    public Task<SendOutcome> SendAsync(ReadOnlySequence<byte> body, SendOptions? options = null, CancellationToken cancellationToken = default) =>
        body.IsSingleSegment ? SendAsync(body.First, options, cancellationToken) : SendWholeAsync(body, options, cancellationToken);

    private async Task<SendOutcome> SendWholeAsync(ReadOnlySequence<byte> body, SendOptions? options, CancellationToken cancellationToken)
    {
        byte[] whole = ArrayPool<byte>.Shared.Rent(checked((int)body.Length));
        try
        {
            body.CopyTo(whole);
            return await SendAsync(whole.AsMemory(0, (int)body.Length), options, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }

    /// <summary>Ends when live reports show every message before an offset of each partition (see <see cref="SendOutcome.EndOffsets"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">No message has been accepted at that offset.</exception>
    public Task WaitAppliedAsync(ImmutableArray<long> offsets, CancellationToken cancellationToken = default) =>
        _sender.WaitAppliedAsync(offsets, cancellationToken);

    /// <summary>Accepts messages that are valid already (made by a producer). They are durable when the task ends.</summary>
    public Task AppendAsync(MessageBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Task.Run(
            () =>
            {
                LakePartitions partitions = _owned.Open();
                partitions.Accept(batch);
                partitions.Flush();
            },
            cancellationToken);
    }

    /// <summary>
    /// Sends rejected records again, as they came or corrected. A record that was replayed is never sent again. What was
    /// accepted is durable when the task ends.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was cancelled; what was replayed stays so.</exception>
    public Task<QuarantineReplaySummary> ReplayQuarantineAsync(QuarantineReplayOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Task.Run(
            () => _quarantine.ReplayQuarantine(options, null, cancellationToken),
            cancellationToken);
    }

    /// <summary>
    /// Dismisses rejected records with a reason, or opens dismissed ones again. Their bytes stay; a record that was
    /// replayed stays so. Durable when the task ends.
    /// </summary>
    /// <exception cref="ArgumentException">The reason is blank or longer than <see cref="DismissOptions.ReasonCharactersMax"/>.</exception>
    public Task<DismissSummary> DismissAsync(DismissOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Reason is { } reason && (string.IsNullOrWhiteSpace(reason) || reason.Length > DismissOptions.ReasonCharactersMax))
        {
            throw new ArgumentException($"A reason has 1 to {DismissOptions.ReasonCharactersMax} characters, not all of them blank.", nameof(options));
        }

        return Task.Run(() => _quarantine.Dismiss(options, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Runs the pipeline: ingests new external bronze files, applies, publishes every trigger. When it is
    /// cancelled it commits what is durable and ends as if its time were over.
    /// </summary>
    public Task<RunSummary> RunAsync(RunOptions options, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return OnThreadOfItsOwn(() => _run.Run(options, progress, cancellationToken), CancellationToken.None);
    }

    /// <summary>Publishes everything that is durable now.</summary>
    public Task CommitAsync(CancellationToken cancellationToken = default) => Task.Run(
        () =>
        {
            LakePartitions partitions = _owned.Open();
            if (!partitions.StartApplying(cancellationToken))
            {
                throw new OperationCanceledException(cancellationToken);
            }

            new CommitScheduler(partitions, _options.Trigger, _options.Clock).CommitNow();
        },
        cancellationToken);

    /// <summary>
    /// Accepts that external bronze files which were ingested are gone or hold other bytes: their rows stay as silver has
    /// them, and their names are free for other files. It is published when the task ends.
    /// </summary>
    /// <param name="names">The files: paths from the bronze folder, or from the lake's root; <c>*</c> and <c>?</c> stand for what is in one name.</param>
    /// <param name="cancellationToken">Gives up before anything is accepted.</param>
    /// <returns>What became of each, in their order; where one of them cannot be accepted and others could, none is, and those that cannot are returned.</returns>
    public Task<IReadOnlyList<AcceptedFile>> AcceptExternalAsync(IReadOnlyList<string> names, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(names);
        return Task.Run(
            async () =>
            {
                IReadOnlyList<AcceptedFile> accepted = new ExternalAcceptance(_store, _owned.Open()).Accept(names);
                if (accepted.Any(static file => file.Outcome == AcceptOutcome.Accepted))
                {
                    await CommitAsync(CancellationToken.None).ConfigureAwait(false);
                }

                return accepted;
            },
            cancellationToken);
    }

    /// <summary>
    /// Rebuilds silver, gold and the state from bronze and swaps them in by one commit. Until then the lake stays
    /// what it was.
    /// </summary>
    public Task ReplayAsync(IProgress<ReplayProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => new LakeReplay(_store, _owned, _zone, _countries, _work, _options, _external).Run(progress, cancellationToken), cancellationToken);

    /// <summary>Deletes all messages and everything made of them, external bronze files included, and starts empty.</summary>
    public Task StartEmptyAsync(CancellationToken cancellationToken = default) => Task.Run(
        () =>
        {
            LakePartitions partitions = _owned.Open();
            _owned.Suspend();
            try
            {
                if (Partitions == 1)
                {
                    partitions.All[0].StartEmptyGeneration();
                }
                else
                {
                    partitions.Close();
                    new EmptyGeneration(_store, _zone, _countries, _work, _options).Start();
                }
            }
            finally
            {
                _owned.Resume();
                _folder = WatchOf(_store);
            }
        },
        cancellationToken);

    /// <summary>Returns a report as of now, with everything that is applied.</summary>
    public ReportTable Report(ReportDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return _owned.Current.Report(definition);
    }

    /// <summary>
    /// Returns the lake as it is right now, from the first time that it is asked for: from then on messages are applied as soon
    /// as they are durable.
    /// </summary>
    public LiveView GoLive()
    {
        lock (_liveGate)
        {
            return _live ??= new LiveView(() => _owned.Current.All, _work, _options.Clock);
        }
    }

    /// <summary>Closes the lake and releases its lock. What was not published stays in the log.</summary>
    public ValueTask DisposeAsync()
    {
        _live?.Dispose();
        _owned.Suspend();
        _sender.Dispose();
        _owned.Dispose();
        _lock.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Gets the lake's first partition, of which a replay makes a new one.</summary>
    internal LakePartition Partition => _owned.Current.All[0];

    private LakeFolderWatch? WatchOf(ILakeStore store)
    {
        LakeFolderWatch? watch = store is LocalStore local ? new LakeFolderWatch(local, () => _owned.Current.All.Any(static partition => partition.HasBronzeFiles)) : null;
        watch?.Look();
        return watch;
    }

    // What the lake is now: starting empty gives many partitions other numbers.
    private LakePartition OpenPartition(int place)
    {
        LakeDescription lake = LakeDescription.Read(_store);
        return new LakePartition(_store, PartitionStore.Open(_store, lake.PartitionIds[place], _options.Partition), new PartitionSettings
        {
            Zone = _zone,
            Countries = _countries,
            Work = _work,
            PendingRowsMax = _options.PendingRowsMaxOf(lake.Partitions),
            Clock = _options.Clock,
            Reports = _options.Reports,
            Added = _added,
            Codec = _options.Codec,
            PublishesGold = lake.Partitions == 1,
            Share = new PartitionSlice(place, lake.Partitions),
            External = _external,
        });
    }

    // The pool has as many threads as the machine has cores, and those who send and read need them.
    private static Task<T> OnThreadOfItsOwn<T>(Func<T> work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    /// <summary>Opens a lake wherever it is.</summary>
    internal static Lake Open(ILakeStore store, LakeOptions options)
    {
        LakeCreation.CheckWritableFolder(store, options);
        LakeLock taken = LakeLock.Take(store, Environment.ProcessId);
        try
        {
            GenerationSwitch.Complete(store, options.Reports, new ParallelWork(options.Threads ?? Environment.ProcessorCount));
            (LakeTimeZone zone, CountryTable countries) = LakeCreation.OpenOrCreate(store, options);
            LakeDescription lake = LakeDescription.Read(store);
            LakeCreation.ThrowIfOtherPartitions(lake, options);
            return new Lake(store, taken, zone, countries, lake, options.Of(lake));
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }
}
