using OrleansLake.Client;
using OrleansLake.Core.Reports;

namespace OrleansLake.Server.Tests.Sinks;

/// <summary>Sinks that the settings name.</summary>
public class SinkSettingsTests
{
    [Fact]
    public async Task A_place_that_the_settings_name_is_written_to()
    {
        var place = new Place("test:one");
        await using ServerUnderTest server = await StartAsync(_ => place, "test://one");
        await server.PostAsync(ServerUnderTest.Line("a"));
        await Eventually.HoldsAsync(() => place.Bronze == 1, "the place has the message");
    }

    [Fact]
    public async Task An_address_of_no_package_is_refused_without_what_may_be_a_password()
    {
        ServeSettingsException e = await Assert.ThrowsAsync<ServeSettingsException>(() => StartAsync(_ => new Place("test:one"), "test://one", "mysql://lake:secret@db/x"));
        Assert.Equal("OrleansLake:Sinks:1 begins with mysql://, and a sink of this application begins with test://.", e.Message);
    }

    [Fact]
    public async Task A_place_that_is_named_twice_is_refused()
    {
        ServeSettingsException e = await Assert.ThrowsAsync<ServeSettingsException>(() => StartAsync(static address => new Place(address), "test://one", "test://two", "test://one"));
        Assert.StartsWith("the place test://one is named twice, or has the name test://one of another sink", e.Message, StringComparison.Ordinal);
    }

    private static Task<ServerUnderTest> StartAsync(Func<string, IReportSink> open, params string[] sinks) => ServerUnderTest.StartAsync(
        options => Array.ForEach(sinks, options.Sinks.Add),
        settings: settings => settings with { AddServices = services => services.AddReportSinks(["test"], open) });

    private sealed class Place(string name) : IReportSink
    {
        private long _bronze;

        public string Name => name;

        public IReadOnlyList<string> Reports => [];

        internal long Bronze => Volatile.Read(ref _bronze);

        public override string ToString() => $"the place {name}";

        public Task<long> OpenAsync(IReadOnlyList<ReportDefinition> reports, CancellationToken cancellationToken) => Task.FromResult(1L);

        public Task WriteAsync(SinkStep changes, CancellationToken cancellationToken)
        {
            Volatile.Write(ref _bronze, changes.Updates.OfType<LiveStatus>().LastOrDefault()?.Ledger.Bronze ?? Bronze);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
