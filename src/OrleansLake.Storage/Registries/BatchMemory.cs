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

    // By their names; keys that name none have one as well.
    private readonly Dictionary<string, Window> _windows = new(StringComparer.Ordinal);
    private readonly Window _unnamed = new();
    private readonly Dictionary<string, Producer> _producers = new(StringComparer.Ordinal);
    private long _heard;

    /// <summary>Returns the progress that is remembered of a batch; null if nothing is.</summary>
    public BatchEntry? Find(BatchKey key) => key.Number is not { } number
        ? WindowOf(key.Name)?.Find(key.Name)
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
        return numbered.Concat(_unnamed.Entries).Concat(_windows.Values.OrderBy(static window => window.Used).SelectMany(static window => window.Entries))
            .Select(static entry => new RegistryRecord(entry.Batch, entry.FirstOffset, entry.EndOffset - entry.FirstOffset));
    }

    public void Clear()
    {
        _windows.Clear();
        _unnamed.Clear();
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
        if (WindowOf(key) is not { } window)
        {
            if (_windows.Count == WindowsRemembered)
            {
                _windows.Remove(_windows.MinBy(static known => known.Value.Used).Key);
            }

            _windows[key[..NameLengthOf(key)]] = window = new Window();
        }

        window.Used = ++_heard;
        window.Fold(key, entry);
    }

    // Null: it is not remembered.
    private Window? WindowOf(string key) => NameLengthOf(key) is > 0 and int length
        ? _windows.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key.AsSpan(0, length), out Window? window) ? window : null
        : _unnamed;

    private static int NameLengthOf(string key) => key.IndexOf(KeyWindow.End, StringComparison.Ordinal);

    private sealed class Window
    {
        private readonly Dictionary<string, BatchEntry> _keys = new(StringComparer.Ordinal);
        private readonly Queue<string> _inOrder = new();

        /// <summary>Gets or sets the count at which it was last used.</summary>
        public long Used { get; set; }

        /// <summary>Gets its batches, in the order of their keys' first ones.</summary>
        public IEnumerable<BatchEntry> Entries => _inOrder.Select(key => _keys[key]);

        public BatchEntry? Find(string key) => _keys.GetValueOrDefault(key);

        public void Fold(string key, BatchEntry entry)
        {
            if (_keys.TryAdd(key, entry))
            {
                _inOrder.Enqueue(key);
                if (_keys.Count > KeysRemembered)
                {
                    _keys.Remove(_inOrder.Dequeue());
                }
            }
            else
            {
                _keys[key] = entry;
            }
        }

        public void Clear()
        {
            _keys.Clear();
            _inOrder.Clear();
        }
    }

    private sealed class Producer
    {
        /// <summary>Gets or sets the count at which it was last seen.</summary>
        public long Heard { get; set; }

        public SortedList<long, BatchEntry> Batches { get; } = [];
    }
}
