using System.Buffers;
using System.Text;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;
using Orleans.TestingHost;
using OrleansLake.Client.Embedded;
using OrleansLake.Client.Orleans;
using OrleansLake.Connectors;
using OrleansLake.Connectors.Sinks;
using OrleansLake.Core.Reports;
using OrleansLake.Server;
using OrleansLake.Server.Connectors;
using OrleansLake.Server.Sinks;
using OrleansLake.TestSupport;
using StoredStatus = OrleansLake.Connectors.SinkStatus;

namespace OrleansLake.Client.Tests;

/// <summary>A sink's grain whose state is in Azure's tables, as Azurite plays them.</summary>
public sealed class SinkGrainTests : IAsyncLifetime, IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly Place _place = new();
    private AzuriteServer _azurite = null!;
    private InProcessTestCluster _cluster = null!;

    private ISinkGrain Grain => _cluster.Client.GetSink("place");

    public async Task InitializeAsync()
    {
        if (AzuriteServer.MissingBecause is not null)
        {
            return;
        }

        _azurite = AzuriteServer.StartTables();
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddLake(_folder["lake"], options =>
            {
                options.Partitions = 2;
                options.Trigger = TimeSpan.FromMilliseconds(300);
            });
            silo.AddAzureTableGrainStorage(LakeConnectors.Storage, options => options.TableServiceClient = new TableServiceClient(_azurite.TablesConnectionString));
            silo.UseInMemoryReminderService();
            silo.AddLakeConnectors();
            silo.Services.AddOrleansLakeCluster();
            silo.Services.AddMetrics();
            silo.Services.AddSingleton<LakeMetrics>();
            silo.Services.AddSingleton(new LakeServerOptions());
            silo.Services.AddSingleton(new ConnectorRegistration<IReportSink>(_ => new Sink(_place))).AddSinkHosting();
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync() => await (_cluster?.DisposeAsync() ?? ValueTask.CompletedTask);

    public void Dispose()
    {
        _azurite?.Dispose();
        _folder.Dispose();
    }

    [AzuriteFact]
    public async Task A_state_is_read_again_after_a_deactivation_with_what_has_its_type_s_default()
    {
        StoredStatus before = await UntilAsync(static status => status.Position is not null);
        Assert.Equal((1, 1, false, null), (before.Starts, before.Epoch, before.IsTaken, before.Failure));

        // Stored as taken, and as not taken again: the default is left out of the JSON, and must not come back as what was before.
        _place.Take();
        await SendAsync("a");
        Assert.Contains("another owner", (await UntilAsync(static status => status.IsTaken)).Failure, StringComparison.Ordinal);
        await DeactivateAsync();
        Assert.True((await Grain.GetStatusAsync()).IsTaken);
        await Grain.StartAsync();
        await UntilAsync(static status => status is { IsTaken: false, Epoch: 3 });
        await DeactivateAsync();
        await SendAsync("b");
        StoredStatus after = await UntilAsync(static status => status.Epoch == 4);
        Assert.Equal((3, false), (after.Starts, after.IsTaken));
        await UntilAsync(_ => _place.Total == 2);
    }

    [AzuriteFact]
    public async Task An_activation_that_finds_another_s_state_stored_ends_and_the_next_one_goes_on()
    {
        StoredStatus before = await UntilAsync(static status => status.Position is not null);

        // As another activation would that this one does not know of.
        TableClient table = new TableServiceClient(_azurite.TablesConnectionString).GetTableClient("OrleansGrainState");
        TableEntity row = table.Query<TableEntity>().Single(static row => row.RowKey.Contains("sink", StringComparison.Ordinal));
        Assert.Contains("\"$type\":\"OrleansLake.Connectors.SinkStatus, OrleansLake.Connectors\"", Encoding.UTF8.GetString(row.GetBinary("Data")), StringComparison.Ordinal);
        row["touched"] = true;
        await table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Merge);
        await SendAsync("a");
        StoredStatus after = await UntilAsync(status => status.Starts > before.Starts);
        Assert.False(after.IsTaken);
        await SendAsync("b");
        await UntilAsync(status => _place.Total == 2 && status.Epoch > before.Epoch);
    }

    [AzuriteFact]
    public async Task Every_silo_shows_how_far_a_sink_is_behind_and_that_it_is_taken()
    {
        await SendAsync("a");
        SinkStatus[] written = await ShownAsync(static status => status is { Position.Messages: 1, Lag: 0 });
        Assert.All(written, static status => Assert.Equal(("place", 1L, TimeSpan.Zero, null, null, false), (status.Name, status.Epoch, status.LagTime, status.Failure, status.FailedAt, status.IsTaken)));
        Assert.All(written, static status => Assert.NotNull(status.Time));
        _place.Take();
        await SendAsync("b");
        SinkStatus[] taken = await ShownAsync(static status => status is { IsTaken: true, Lag: 1 });
        Assert.All(taken, static status => Assert.Equal(("another owner has come", 1L, true), (status.Failure, status.Position!.Messages, status.FailedAt is not null && status.LagTime > TimeSpan.Zero)));
    }

    [AzuriteFact]
    public async Task A_sink_whose_grain_cannot_read_its_state_is_named_and_unavailable()
    {
        await UntilAsync(static status => status.Position is not null);
        _azurite.Down();
        await DeactivateAsync();
        ILakeSinks sinks = _cluster.Silos[0].ServiceProvider.GetRequiredService<ISinkPlacement>();
        LakeClientException e = await Assert.ThrowsAsync<LakeClientException>(() => sinks.GetSinksAsync());
        Assert.Equal(LakeClientErrorKind.Unavailable, e.Kind);
        Assert.Matches(@"^place cannot be asked how far it is: [^\n]+\. Try again\.$", e.Message);
        Assert.DoesNotContain("   at ", e.Message, StringComparison.Ordinal);
    }

    private async Task SendAsync(string id)
    {
        byte[] line = Encoding.UTF8.GetBytes($$"""{"timestamp":"2024-12-16T10:00:00Z","message_id":"{{id}}","event_type":"SENT","channel":"CHAT","user_id":1}""");
        await new GrainLakeClient(_cluster.Client, TimeProvider.System).SendAsync(new ReadOnlySequence<byte>(line), new SendOptions());
    }

    // By each silo, once all of them have it so.
    private async Task<SinkStatus[]> ShownAsync(Predicate<SinkStatus> isSo)
    {
        using var tooLong = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        SinkStatus[] shown;
        do
        {
            await Task.Delay(50, tooLong.Token);
            shown = await Task.WhenAll(_cluster.Silos.Select(static async silo => Assert.Single(await silo.ServiceProvider.GetRequiredService<ISinkPlacement>().GetSinksAsync())));
        }
        while (!Array.TrueForAll(shown, isSo));
        return shown;
    }

    private async Task DeactivateAsync()
    {
        await Grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        await Task.Delay(500);
    }

    private async Task<StoredStatus> UntilAsync(Func<StoredStatus, bool> isSo)
    {
        using var tooLong = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        StoredStatus status;
        do
        {
            await Task.Delay(50, tooLong.Token);
            status = await Grain.GetStatusAsync();
        }
        while (!isSo(status));
        return status;
    }

    // What sinks write to: the newest owner's rows count.
    private sealed class Place
    {
        private readonly Lock _gate = new();
        private long _epoch;

        internal long Total { get; private set; }

        internal long Take()
        {
            lock (_gate)
            {
                return ++_epoch;
            }
        }

        internal void Write(long epoch, long? total)
        {
            lock (_gate)
            {
                Total = epoch < _epoch ? throw new SinkOwnershipException("another owner has come") : total ?? Total;
            }
        }
    }

    private sealed class Sink(Place place) : IReportSink
    {
        private long _epoch;

        public string Name => "place";

        public IReadOnlyList<string> Reports => ["report1"];

        public Task<long> OpenAsync(IReadOnlyList<ReportDefinition> reports, CancellationToken cancellationToken) => Task.FromResult(_epoch = place.Take());

        public Task WriteAsync(SinkStep changes, CancellationToken cancellationToken)
        {
            foreach (LiveUpdate update in changes.Updates)
            {
                place.Write(_epoch, (update as LiveStatus)?.Ledger.Bronze);
            }

            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
