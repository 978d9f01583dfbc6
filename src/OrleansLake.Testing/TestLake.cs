using System.Buffers;
using OrleansLake.Client;
using OrleansLake.Client.Embedded;
using OrleansLake.Core.Countries;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Engine;
using SendOptions = OrleansLake.Client.SendOptions;

namespace OrleansLake.Testing;

/// <summary>A lake in memory, which is gone when it is disposed of.</summary>
public sealed class TestLake : ILakeClient, IAsyncDisposable
{
    private readonly Lake _lake;
    private readonly EmbeddedLakeClient _client;

    private TestLake(Lake lake, TimeProvider clock)
    {
        _lake = lake;
        _client = new EmbeddedLakeClient(lake, clock);
    }

    /// <inheritdoc/>
    public ReportCatalog Reports => _client.Reports;

    /// <summary>Creates an empty lake.</summary>
    /// <param name="clock">The clock of all that it does; null: the system's.</param>
    /// <param name="configure">
    /// Configures it, such as its reports, its time zone or what its ids are (<see cref="EmbeddedLakeOptions.UserId"/>, <see cref="EmbeddedLakeOptions.CountryId"/>); the
    /// folder means nothing. Countries that are text have no names unless a table is given (<see cref="EmbeddedLakeOptions.CountriesFile"/>).
    /// </param>
    public static TestLake Create(TimeProvider? clock = null, Action<EmbeddedLakeOptions>? configure = null)
    {
        clock ??= TimeProvider.System;
        var options = new EmbeddedLakeOptions { Path = "memory", Threads = 1 };
        configure?.Invoke(options);

        // It ends on a thread of its own, and nothing of it waits for anything.
        LakeOptions own = options.ToLakeOptions() with { Store = new MemoryStore(clock), Clock = clock };
        bool hasNoNames = own is { CountryId: IdType.Text, CountriesFile: null };
        Lake lake = Lake.OpenAsync(hasNoNames ? own with { Countries = CountryTable.FromCsv("country,country_id\n"u8, IdType.Text) } : own).GetAwaiter().GetResult();
        return new TestLake(lake, clock);
    }

    /// <summary>Publishes all that was sent: bronze, silver and gold, as a lake does at every trigger.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task PublishAsync(CancellationToken cancellationToken = default) => _lake.RunAsync(new RunOptions { UntilCaughtUp = true }, null, cancellationToken);

    /// <inheritdoc/>
    public Task<SendResult> SendAsync(ReadOnlySequence<byte> messages, SendOptions options, CancellationToken cancellationToken = default) => _client.SendAsync(messages, options, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ReportSnapshot> GetReportAsync(ReportQuery query, CancellationToken cancellationToken = default) => _client.GetReportAsync(query, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<LiveUpdate> WatchAsync(LiveQuery query, CancellationToken cancellationToken = default) => _client.WatchAsync(query, cancellationToken);

    /// <inheritdoc/>
    public Task<MessageLife> GetMessageAsync(string messageId, CancellationToken cancellationToken = default) => _client.GetMessageAsync(messageId, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LakeLedger> GetLedgerAsync(CancellationToken cancellationToken = default) => _client.GetLedgerAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<QuarantinePage> GetQuarantineAsync(QuarantineQuery query, CancellationToken cancellationToken = default) => _client.GetQuarantineAsync(query, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> GetMappingsAsync(CancellationToken cancellationToken = default) => _client.GetMappingsAsync(cancellationToken);

    /// <inheritdoc/>
    public Task SetMappingAsync(string name, string json, CancellationToken cancellationToken = default) => _client.SetMappingAsync(name, json, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RemoveMappingAsync(string name, CancellationToken cancellationToken = default) => _client.RemoveMappingAsync(name, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LakeStanding> GetStatusAsync(CancellationToken cancellationToken = default) => _client.GetStatusAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _lake.DisposeAsync();
}
