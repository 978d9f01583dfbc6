using System.Diagnostics.CodeAnalysis;
using OrleansLake.Storage.Log;

namespace OrleansLake.Storage.Registries;

/// <summary>
/// The registry of what was ingested: a fold of the consumed records of the log's frames. It outlives a replay. Thread-safe.
/// </summary>
internal sealed class Registry
{
    private readonly Lock _gate = new();
    private readonly HashSet<QuarantineId> _replayed = [];
    private readonly Dictionary<QuarantineId, string> _dismissed = [];
    private readonly List<ExternalFileEntry> _external = [];
    private readonly Dictionary<string, int> _externalByName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SourceProgress.FileProgress> _inProgress = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, long Size, uint Crc32C), SourceProgress.FileProgress> _completed = [];
    private readonly Dictionary<(string Topic, int Partition), SourceProgress.TopicProgress> _topics = [];
    private readonly BatchMemory _batches = new();

    /// <summary>Gets the external bronze files, in the order of ingestion.</summary>
    public IReadOnlyList<ExternalFileEntry> ExternalFileRegistry
    {
        get
        {
            lock (_gate)
            {
                return [.. _external];
            }
        }
    }

    /// <summary>
    /// Gets the number of rejected records that were settled: those that rows of this partition replace, of whatever partition they
    /// are, and this partition's own that were dismissed. Over all partitions each settled record counts once.
    /// </summary>
    public long SettledCount
    {
        get
        {
            lock (_gate)
            {
                return _replayed.Count + _dismissed.Count;
            }
        }
    }

    /// <summary>Gets why a rejected record of this partition was dismissed; null if it was not.</summary>
    public string? DismissedBecause(QuarantineId id)
    {
        lock (_gate)
        {
            return _dismissed.GetValueOrDefault(id);
        }
    }

    /// <summary>Returns whether rows of this partition replay a rejected record.</summary>
    public bool IsReplayed(QuarantineId id)
    {
        lock (_gate)
        {
            return _replayed.Contains(id);
        }
    }

    /// <summary>Finds an external bronze file by its path; one that was accepted to be gone is no longer found by it.</summary>
    public bool TryGetExternalFile(string name, [NotNullWhen(true)] out ExternalFileEntry? entry)
    {
        lock (_gate)
        {
            entry = _externalByName.TryGetValue(name, out int index) ? _external[index] : null;
            return entry is not null;
        }
    }

    /// <summary>Returns the progress of a file whose ingest is not complete; null if it is not under way.</summary>
    public SourceProgress.FileProgress? ProgressOf(string name)
    {
        lock (_gate)
        {
            return _inProgress.GetValueOrDefault(name);
        }
    }

    /// <summary>Returns the progress of a topic's partition; null if nothing of it was stored here.</summary>
    public SourceProgress.TopicProgress? ProgressOf(string topic, int partition)
    {
        lock (_gate)
        {
            return _topics.GetValueOrDefault((topic, partition));
        }
    }

    /// <summary>Gets the progress of the topics' partitions.</summary>
    public IReadOnlyList<SourceProgress.TopicProgress> Topics
    {
        get
        {
            lock (_gate)
            {
                return [.. _topics.Values];
            }
        }
    }

    /// <summary>Returns the last complete ingest of a file with this name, size and checksum; null if there was none.</summary>
    public SourceProgress.FileProgress? CompletedOf(string name, long size, uint crc32C)
    {
        lock (_gate)
        {
            return _completed.GetValueOrDefault((name, size, crc32C));
        }
    }

    /// <summary>Returns the names under which files of this size and checksum were ingested completely.</summary>
    public IReadOnlyList<string> NamesOf(long size, uint crc32C)
    {
        lock (_gate)
        {
            return [.. _completed.Keys.Where(key => key.Size == size && key.Crc32C == crc32C).Select(static key => key.Name)];
        }
    }

    /// <summary>Returns the complete takings in of files with this name that were shorter: it may be one of them that grew.</summary>
    public IReadOnlyList<SourceProgress.FileProgress> ShorterOf(string name, long size)
    {
        lock (_gate)
        {
            return [.. _completed.Values.Where(progress => progress.Size < size && string.Equals(progress.Name, name, StringComparison.Ordinal))];
        }
    }

    /// <summary>Returns whether any file of this name and size was ingested completely: then its checksum is worth computing.</summary>
    public bool MayBeCompleted(string name, long size)
    {
        lock (_gate)
        {
            foreach ((string Name, long Size, uint Crc32C) key in _completed.Keys)
            {
                if (key.Size == size && string.Equals(key.Name, name, StringComparison.Ordinal))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Returns a batch that was ingested, or of which a part was; null if it was not, or is no longer remembered.</summary>
    public BatchEntry? BatchOf(BatchKey key)
    {
        lock (_gate)
        {
            return _batches.Find(key);
        }
    }

    /// <summary>Returns a producer's batch; see <see cref="BatchOf(BatchKey)"/>.</summary>
    public BatchEntry? BatchOf(string producer, long number) => BatchOf(new BatchKey(producer, number));

    /// <summary>
    /// Returns whether a producer's number is below those that are remembered of it: whether it was ingested is not known.
    /// </summary>
    public bool IsForgotten(BatchKey key)
    {
        lock (_gate)
        {
            return _batches.IsForgotten(key);
        }
    }

    /// <summary>Folds one frame in.</summary>
    /// <param name="consumed">What it consumed.</param>
    /// <param name="firstOffset">The offset of its first row.</param>
    /// <param name="rowCount">The number of its rows.</param>
    internal void Fold(SourceProgress consumed, long firstOffset, long rowCount)
    {
        lock (_gate)
        {
            switch (consumed)
            {
                case SourceProgress.ExternalBronzeFile file:
                    FoldExternal(file, firstOffset);
                    break;
                case SourceProgress.ExternalAccepted accepted:
                    FoldAccepted(accepted);
                    break;
                case SourceProgress.FileProgress progress:
                    FoldProgress(progress);
                    break;
                case SourceProgress.ProducerBatch batch:
                    _batches.Fold(batch, firstOffset, rowCount);
                    break;
                case SourceProgress.TopicProgress topic:
                    _topics[(topic.Topic, topic.Partition)] = topic;
                    break;
                case SourceProgress.Replayed mended:
                    foreach (QuarantineId id in mended.Ids)
                    {
                        _replayed.Add(id);
                    }

                    break;
                case SourceProgress.Dismissed { Reason: { } reason } dismissed:
                    foreach (QuarantineId id in dismissed.Ids)
                    {
                        _dismissed[id] = reason;
                    }

                    break;
                case SourceProgress.Dismissed reopened:
                    foreach (QuarantineId id in reopened.Ids)
                    {
                        _dismissed.Remove(id);
                    }

                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Folds a frame in that is in the log only, for a reader beside the writer.</summary>
    public void Fold(LogFrame frame)
    {
        Fold(frame.SourceProgress, frame.Start.Offset, frame.RowCount);
    }

    /// <summary>Forgets everything.</summary>
    internal void Clear()
    {
        lock (_gate)
        {
            _external.Clear();
            _externalByName.Clear();
            _inProgress.Clear();
            _completed.Clear();
            _topics.Clear();
            _batches.Clear();
            _replayed.Clear();
            _dismissed.Clear();
        }
    }

    /// <summary>Gets the progress of files and batches.</summary>
    public IReadOnlyList<SourceProgress> Sources =>
        [.. Export().Select(static record => record.SourceProgress).Where(static source => source is SourceProgress.FileProgress or SourceProgress.ProducerBatch)];

    /// <summary>Returns the records whose fold is this registry.</summary>
    internal List<RegistryRecord> Export()
    {
        lock (_gate)
        {
            var records = new List<RegistryRecord>();
            foreach (ExternalFileEntry entry in _external)
            {
                records.Add(new RegistryRecord(entry.File, entry.FirstOffset, entry.File.Rows));
                if (entry.IsAccepted)
                {
                    records.Add(new RegistryRecord(new SourceProgress.ExternalAccepted(entry.File.Name, entry.File.Size, entry.File.Crc32C), 0, 0));
                }
            }

            foreach (SourceProgress.FileProgress progress in _completed.Values)
            {
                records.Add(new RegistryRecord(progress, 0, 0));
            }

            foreach (SourceProgress.FileProgress progress in _inProgress.Values)
            {
                records.Add(new RegistryRecord(progress, 0, 0));
            }

            records.AddRange(_topics.Values.Select(static topic => new RegistryRecord(topic, 0, 0)));
            records.AddRange(_batches.Export());
            if (_replayed.Count > 0)
            {
                records.AddRange(_replayed.Order().GroupBy(static id => id.Partition).SelectMany(static ids => ids.Chunk(SourceProgress.Replayed.IdsMax))
                    .Select(static ids => new RegistryRecord(new SourceProgress.Replayed(ids), 0, 0)));
            }

            records.AddRange(_dismissed.GroupBy(static one => one.Value, static one => one.Key, StringComparer.Ordinal)
                .SelectMany(static because => because.Order().Chunk(SourceProgress.Replayed.IdsMax)
                    .Select(ids => new RegistryRecord(new SourceProgress.Dismissed(ids, because.Key), 0, 0))));

            return records;
        }
    }

    private void FoldExternal(SourceProgress.ExternalBronzeFile file, long firstOffset)
    {
        var entry = new ExternalFileEntry(file, firstOffset);
        if (_externalByName.TryGetValue(file.Name, out int index) && _external[index].File.Refused is not null)
        {
            // It was refused, has been corrected, and takes its place in the order now.
            RemoveExternalAt(index);
        }

        _externalByName[file.Name] = _external.Count;
        _external.Add(entry);
    }

    private void FoldAccepted(SourceProgress.ExternalAccepted accepted)
    {
        int index = _external.FindIndex(entry => !entry.IsAccepted
            && entry.File.Name == accepted.Name && entry.File.Size == accepted.Size && entry.File.Crc32C == accepted.Crc32C);
        if (index < 0)
        {
            return;
        }

        if (_external[index].File.Refused is not null)
        {
            // The refusal is settled, and nothing of the file is in the lake.
            RemoveExternalAt(index);
            return;
        }

        _external[index] = _external[index] with { IsAccepted = true };
        if (_externalByName.TryGetValue(accepted.Name, out int named) && named == index)
        {
            _externalByName.Remove(accepted.Name);
        }
    }

    private void RemoveExternalAt(int index)
    {
        _external.RemoveAt(index);
        _externalByName.Clear();
        for (int i = 0; i < _external.Count; i++)
        {
            if (!_external[i].IsAccepted)
            {
                _externalByName[_external[i].File.Name] = i;
            }
        }
    }

    private void FoldProgress(SourceProgress.FileProgress progress)
    {
        if (!progress.Completed)
        {
            _inProgress[progress.Name] = progress;
            return;
        }

        _inProgress.Remove(progress.Name);
        uint crc = progress.WholeCrc32C ?? progress.PrefixCrc32C;
        _completed[(progress.Name, progress.Size, crc)] = progress;
    }
}
