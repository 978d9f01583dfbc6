using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace OrleansLake.Grains.Partitions;

/// <summary>The partitions that this silo has open, reported in a line when they have changed. Thread-safe.</summary>
internal sealed partial class OpenPartitions(ILogger<OpenPartitions> logger) : IDisposable
{
    // Of a silo that starts or sees another one go, all that come or go together.
    private static readonly TimeSpan ToldAfter = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<int, PartitionRunner> _open = new();
    private readonly Lock _gate = new();
    private Timer? _telling;
    private string? _told;
    private volatile bool _areLeaving;

    public void Dispose()
    {
        lock (_gate)
        {
            _telling?.Dispose();
            _telling = null;
        }
    }

    /// <summary>Gets all of them.</summary>
    internal IReadOnlyCollection<PartitionRunner> All => [.. _open.Values];

    /// <summary>Gets a value indicating whether the silo stops, so that failures need not be logged.</summary>
    internal bool AreLeaving { get => _areLeaving; set => _areLeaving = value; }

    internal PartitionRunner? Find(int partition) => _open.GetValueOrDefault(partition);

    /// <summary>Deactivates all of them, because the silo stops: see <see cref="PartitionRunner.Leave"/>.</summary>
    internal IReadOnlyCollection<PartitionRunner> Leave()
    {
        IReadOnlyCollection<PartitionRunner> all = All;
        foreach (PartitionRunner runner in all)
        {
            runner.Leave();
        }

        return all;
    }

    internal void Add(int partition, PartitionRunner opened)
    {
        _open[partition] = opened;
        Tell();
    }

    /// <summary>Takes one out, unless another one has come in its place.</summary>
    internal void Remove(int partition, PartitionRunner opened)
    {
        if (_open.TryRemove(KeyValuePair.Create(partition, opened)))
        {
            Tell();
        }
    }

    /// <summary>Formats numbers as people write them: <c>0-3, 7</c>.</summary>
    internal static string Ranges(IEnumerable<int> numbers)
    {
        int[] ordered = [.. numbers.Order()];
        var ranges = new List<string>();
        for (int i = 0; i < ordered.Length; i++)
        {
            int first = ordered[i];
            while (i + 1 < ordered.Length && ordered[i + 1] == ordered[i] + 1)
            {
                i++;
            }

            ranges.Add(ordered[i] == first ? first.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{first}-{ordered[i]}"));
        }

        return ranges.Count == 0 ? "none" : string.Join(", ", ranges);
    }

    private void Tell()
    {
        lock (_gate)
        {
            _telling ??= new Timer(static state => ((OpenPartitions)state!).TellNow(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _telling.Change(ToldAfter, Timeout.InfiniteTimeSpan);
        }
    }

    private void TellNow()
    {
        lock (_gate)
        {
            string now = Ranges(_open.Keys);
            if (now != _told)
            {
                _told = now;
                LogOpen(now);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Information, "partitions of the lake on this silo: {Partitions}")]
    private partial void LogOpen(string partitions);
}
