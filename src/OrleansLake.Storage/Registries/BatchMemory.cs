using OrleansLake.Core.Messages;
using OrleansLake.Storage.Log;

namespace OrleansLake.Storage.Registries;

/// <summary>
/// The batches that would be recognised if they were sent again: a fold of the log's frames in their order, without a
/// clock, so that every reader of the same log remembers the same ones.
/// </summary>
/// <remarks>
/// Bounds: the last <see cref="KeysRemembered"/> keys, and as many of each of the <see cref="WindowsRemembered"/> windows
/// that were used last; of the <see cref="ProducersRemembered"/> producers that were seen last, the
/// <see cref="BatchesRemembered"/> highest numbers. With names of 36 bytes that is at most 30 MB and 20 MB for each window,
/// with the longest ones 90 MB and 50 MB.
/// </remarks>
internal sealed class BatchMemory
{
    /// <summary>The number of keys that are remembered of a window, and of those that name none.</summary>
    public const int KeysRemembered = 65_536;

    /// <summary>The number of windows that are remembered, beside the one of keys that name none.</summary>
    public const int WindowsRemembered = 16;

    /// <summary>The number of producers that are remembered.</summary>
    public const int ProducersRemembered = 1024;

    /// <summary>The number of batch numbers that are remembered of a producer.</summary>
    public const int BatchesRemembered = 64;

    private readonly Dictionary<string, Window> _windows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Producer> _producers = new(StringComparer.Ordinal);
    private long _heard;

    /// <summary>Returns the progress that is remembered of a batch; null if nothing is.</summary>
    public BatchEntry? Find(BatchKey key) => key.Number is not { } number
        ? _windows.GetValueOrDefault(WindowOf(key.Name))?.Keys.GetValueOrDefault(key.Name)
        : _producers.TryGetValue(key.Name, out Producer? producer) ? producer.Batches.GetValueOrDefault(number) : null;

    /// <summary>
    /// Returns whether a number is below those that are remembered of its producer: it may have been ingested, which is no longer
    /// known.
    /// </summary>
    public bool IsForgotten(BatchKey key) =>
        key.Number is { } number && _producers.TryGetValue(key.Name, out Producer? producer)
        && producer.Batches.Count == BatchesRemembered && number < producer.Batches.GetKeyAtIndex(0);

    public void Fold(SourceProgress.ProducerBatch batch, long firstOffset, long rowCount)
    {
        // Of a batch of several frames, the first records where it begins.
        BatchEntry? before = Find(batch.Key);
        var entry = new BatchEntry(
            batch, before is { Batch.Completed: false } ? before.FirstOffset : firstOffset, firstOffset + rowCount);
        if (batch.Key.Number is { } number)
        {
            FoldNumber(batch.Key.Name, number, entry);
        }
        else
        {
            FoldKey(batch.Key.Name, entry);
        }
    }

    /// <summary>Returns the records whose fold is this memory.</summary>
    public IEnumerable<RegistryRecord> Export()
    {
        IEnumerable<BatchEntry> numbered = _producers.Values.OrderBy(static producer => producer.Heard)
            .SelectMany(static producer => producer.Batches.Values);
        return numbered.Concat(_windows.Values.OrderBy(static window => window.Used).SelectMany(static window => window.InOrder.Select(key => window.Keys[key])))
            .Select(static entry => new RegistryRecord(entry.Batch, entry.FirstOffset, entry.EndOffset - entry.FirstOffset));
    }

    public void Clear()
    {
        _windows.Clear();
        _producers.Clear();
    }

    private void FoldNumber(string name, long number, BatchEntry entry)
    {
        if (!_producers.TryGetValue(name, out Producer? producer))
        {
            if (_producers.Count == ProducersRemembered)
            {
                _producers.Remove(_producers.MinBy(static known => known.Value.Heard).Key);
            }

            _producers[name] = producer = new Producer();
        }

        producer.Heard = ++_heard;
        producer.Batches[number] = entry;
        if (producer.Batches.Count > BatchesRemembered)
        {
            producer.Batches.RemoveAt(0);
        }
    }

    private void FoldKey(string key, BatchEntry entry)
    {
        string name = WindowOf(key);
        if (!_windows.TryGetValue(name, out Window? window))
        {
            if (name.Length > 0 && _windows.Count - (_windows.ContainsKey("") ? 1 : 0) == WindowsRemembered)
            {
                _windows.Remove(_windows.Where(static known => known.Key.Length > 0).MinBy(static known => known.Value.Used).Key);
            }

            _windows[name] = window = new Window();
        }

        window.Used = ++_heard;
        if (window.Keys.TryAdd(key, entry))
        {
            window.InOrder.Enqueue(key);
            if (window.Keys.Count > KeysRemembered)
            {
                window.Keys.Remove(window.InOrder.Dequeue());
            }
        }
        else
        {
            window.Keys[key] = entry;
        }
    }

    private static string WindowOf(string key) => key.IndexOf(KeyWindow.End, StringComparison.Ordinal) is > 0 and int end ? key[..end] : "";

    private sealed class Window
    {
        /// <summary>Gets or sets the count at which it was last used.</summary>
        public long Used { get; set; }

        public Dictionary<string, BatchEntry> Keys { get; } = new(StringComparer.Ordinal);

        public Queue<string> InOrder { get; } = new();
    }

    private sealed class Producer
    {
        /// <summary>Gets or sets the count at which it was last seen.</summary>
        public long Heard { get; set; }

        public SortedList<long, BatchEntry> Batches { get; } = [];
    }
}
