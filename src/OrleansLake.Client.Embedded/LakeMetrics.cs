using System.Diagnostics;
using System.Diagnostics.Metrics;
using OrleansLake.Client.Sinks;

namespace OrleansLake.Client.Embedded;

/// <summary>
/// The server's metrics, under the meter <c>OrleansLake</c>; <c>/metrics</c> and OpenTelemetry show the same.
/// </summary>
internal sealed class LakeMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _quarantined;
    private readonly Counter<long> _leftOut;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _slowWatchers;
    private readonly Counter<long> _gaps;
    private readonly Histogram<double> _requests;
    private readonly Observations<Func<IEnumerable<SourceLag>>> _sources;
    private readonly Observations<(string Sink, Func<LiveUpdate?> Written)> _sinks;
    private LakeStanding? _status;
    private Func<LakeStanding>? _source;

    public LakeMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(OrleansLakeTelemetry.MeterName);
        _accepted = _meter.CreateCounter<long>("orleanslake.ingest.messages", "{message}", "Messages accepted over HTTP and from sources");
        _duplicates = _meter.CreateCounter<long>("orleanslake.ingest.duplicates", "{message}", "Messages that had been stored under the same key before");
        _quarantined = _meter.CreateCounter<long>("orleanslake.ingest.quarantined", "{record}", "Records that were not messages");
        _leftOut = _meter.CreateCounter<long>("orleanslake.ingest.left_out", "{value}", "Values of fields that no column takes, in messages that were accepted");
        _bytes = _meter.CreateCounter<long>("orleanslake.ingest.bytes", "By", "Bytes of bodies that were accepted, unpacked");
        _refused = _meter.CreateCounter<long>("orleanslake.ingest.refused", "{request}", "Sends that were not stored");
        _slowWatchers = _meter.CreateCounter<long>("orleanslake.streams.slow", "{stream}", "Event streams that were cut off because they were read too slowly");
        _gaps = _meter.CreateCounter<long>("orleanslake.source.gaps", "{record}", "Records that a broker had deleted before they were read, and that were passed over");
        _sources = new(() =>
        {
            _meter.CreateObservableGauge("orleanslake.source.lag", () => Lags(static lag => (double)lag.Records), "{record}", "Records that a broker has and the lake does not have yet");
            _meter.CreateObservableGauge("orleanslake.source.lag.duration", () => Lags(static lag => lag.Time.TotalSeconds), "s", "Age of the newest record that is stored, where newer ones are not");
        });
        _sinks = new(() =>
        {
            _meter.CreateObservableGauge("orleanslake.sink.lag", () => SinkLags(static lag => (double)lag.Messages), "{message}", "Messages that reports show and a sink does not have yet");
            _meter.CreateObservableGauge("orleanslake.sink.lag.duration", () => SinkLags(static lag => lag.Time.TotalSeconds), "s", "Age of what a sink has written last, where the reports show more");
        });
        _requests = _meter.CreateHistogram<double>("orleanslake.request.duration", "s", "How long requests took", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
        });
    }

    /// <summary>Shows a lake's status from now on.</summary>
    internal void Observe(Func<LakeStanding> standing, Func<int> streams, TimeProvider clock)
    {
        _source = standing;
        Gauge("orleanslake.freshness.lag", "s", "Age of the newest event that counts", s => s.NewestEvent is { } newest ? Math.Max(0, (clock.GetUtcNow() - newest).TotalSeconds) : double.NaN);
        Gauge("orleanslake.queue.durable", "{message}", "Messages that wait for their fsync", s => s.Accepted - s.Durable);
        Gauge("orleanslake.queue.applied", "{message}", "Durable messages that reports do not show yet", s => s.Durable - s.Applied);
        Gauge("orleanslake.queue.published", "{message}", "Messages that reports show and Parquet does not yet", s => s.Applied - s.Published);
        Gauge("orleanslake.dedup.keys", "{key}", "Deduplication keys in memory", s => s.Keys);
        Gauge("orleanslake.ledger.bronze", "{message}", "Messages in bronze", s => s.Ledger.Bronze);
        Gauge("orleanslake.ledger.messages", "{message}", "Messages with an event type", s => s.Ledger.Messages);
        Gauge("orleanslake.ledger.messages_corrupted", "{message}", "Messages without an event type", s => s.Ledger.MessagesCorrupted);
        Gauge("orleanslake.ledger.rejected", "{record}", "Records that were not messages", s => s.Ledger.Rejected);
        Gauge("orleanslake.ledger.deduplicated", "{message}", "First occurrences: what reports count", s => s.Ledger.Deduplicated);
        Gauge("orleanslake.commit.number", "{commit}", "The newest commit's number", s => s.CommitNumber);
        Gauge("orleanslake.commit.duration", "s", "How long the newest commit took", s => s.CommitMs / 1000);
        Gauge("orleanslake.fsync.duration", "s", "How long the newest fsync of the log took", s => s.FsyncMs / 1000);
        Gauge("orleanslake.files", "{file}", "Data files of the newest commit", s => s.Files);
        Gauge("orleanslake.external.unsettled", "{file}", "External bronze files that are not what was ingested and were not accepted", s => s.ExternalFiles.Count);
        _meter.CreateObservableGauge("orleanslake.streams", () => streams(), "{stream}", "Event streams that are open");
    }

    internal void Sent(SendResult result, long bytes)
    {
        if (result.Status != SendStatus.Stored)
        {
            _refused.Add(1, new KeyValuePair<string, object?>("reason", result.Status.ToString()));
            return;
        }

        _accepted.Add(result.Accepted);
        _duplicates.Add(result.Duplicates);
        _quarantined.Add(result.Quarantined);
        _bytes.Add(bytes);
        _leftOut.Add(result.LeftOut?.Values.Sum() ?? 0);
    }

    /// <summary>Shows how far a source is behind its broker, until what is returned is disposed.</summary>
    internal IDisposable ObserveSource(Func<IEnumerable<SourceLag>> lags) => _sources.Add(lags);

    /// <summary>Shows how far a sink is behind the lake, until what is returned is disposed.</summary>
    /// <param name="sink">The sink's name.</param>
    /// <param name="written">Returns the newest update that it has written; null: none yet.</param>
    internal IDisposable ObserveSink(string sink, Func<LiveUpdate?> written) => _sinks.Add((sink, written));

    /// <summary>Counts records that were passed over.</summary>
    internal void SourceGap(string source, long records) => _gaps.Add(records, new KeyValuePair<string, object?>("source", source));

    internal void SlowWatcher() => _slowWatchers.Add(1);

    internal void Request(string route, int status, long started) => _requests.Record(
        Stopwatch.GetElapsedTime(started).TotalSeconds,
        new KeyValuePair<string, object?>("route", route),
        new KeyValuePair<string, object?>("status", status));

    /// <summary>Returns whether an instrument is one of these, and not of another lake in this process.</summary>
    internal bool Owns(Instrument instrument) => ReferenceEquals(instrument.Meter, _meter);

    /// <summary>Reads the lake once for all instruments that are read after it.</summary>
    internal void Refresh() => _status = _source?.Invoke();

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<double>> Lags(Func<SourceLag, double> value) => _sources.Now().SelectMany(static lags => lags())
        .Select(lag => new Measurement<double>(value(lag), new KeyValuePair<string, object?>("source", lag.Source), new KeyValuePair<string, object?>("partition", lag.Partition)));

    private IEnumerable<Measurement<double>> SinkLags(Func<SinkLag, double> value) => (_status ?? _source?.Invoke()) is not { } lake ? []
        : _sinks.Now().Select(sink => new Measurement<double>(value(LagOf(lake, sink.Written())), new KeyValuePair<string, object?>("sink", sink.Sink)));

    private static SinkLag LagOf(LakeStanding lake, LiveUpdate? written) => SinkLag.Of(lake, written?.Position, written?.Time);

    private void Gauge(string name, string unit, string description, Func<LakeStanding, double> value) =>
        _meter.CreateObservableGauge(name, () => value(_status ?? _source!()), unit, description);
}
