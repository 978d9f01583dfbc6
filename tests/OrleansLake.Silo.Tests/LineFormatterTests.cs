using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace OrleansLake.Silo.Tests;

public class LineFormatterTests
{
    [Fact]
    public void That_the_silo_has_stopped_is_its_last_line()
    {
        string[] lines = Lines(("OrleansLake.Grains.PartitionGrain", 6), (SiloNews.Category, 5), (SiloNews.Category, SiloNews.StoppedId), ("OrleansLake.Grains.PartitionGrain", 4));
        Assert.Equal([6, 5, SiloNews.StoppedId], lines.Select(line => int.Parse(line[^1..], System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static string[] Lines(params (string Category, int Id)[] entries)
    {
        var formatter = new LineFormatter(new Given());
        using var written = new StringWriter();
        foreach ((string category, int id) in entries)
        {
            formatter.Write(new LogEntry<int>(LogLevel.Information, category, new EventId(id), id, null, (state, _) => $"said {state}"), null, written);
        }

        return written.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }

    private sealed class Given : IOptionsMonitor<LineFormatterOptions>
    {
        public LineFormatterOptions CurrentValue { get; } = new();

        public LineFormatterOptions Get(string? name) => CurrentValue;

        public IDisposable? OnChange(Action<LineFormatterOptions, string?> listener) => null;
    }
}
