using System.Diagnostics.CodeAnalysis;

namespace OrleansLake.Storage;

/// <summary>
/// The registry of what was ingested: a fold of the consumed records of the log's frames. It outlives a replay. Thread-safe.
/// </summary>
public sealed class Registry
{
    private readonly Lock _gate = new();
    private readonly HashSet<QuarantineId> _mended = [];
    private readonly Dictionary<QuarantineId, string> _dismissed = [];
    private readonly List<ForeignFileEntry> _foreign = [];
    private readonly Dictionary<string, int> _foreignByName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Consumed.FileProgress> _inProgress = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, long Size, uint Crc32C), Consumed.FileProgress> _completed = [];
    private readonly BatchMemory _batches = new();

    /// <summary>Gets the external bronze files, in the order of ingestion.</summary>
    public IReadOnlyList<ForeignFileEntry> ForeignFiles
    {
        get
        {
            lock (_gate)
            {
                return [.. _foreign];
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
                return _mended.Count + _dismissed.Count;
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
    public bool IsMended(QuarantineId id)
    {
        lock (_gate)
        {
            return _mended.Contains(id);
        }
    }

    /// <summary>Finds an external bronze file by its path; one that was accepted to be gone is no longer found by it.</summary>
    public bool TryGetForeignFile(string name, [NotNullWhen(true)] out ForeignFileEntry? entry)
    {
        lock (_gate)
        {
            entry = _foreignByName.TryGetValue(name, out int index) ? _foreign[index] : null;
            return entry is not null;
        }
    }

    /// <summary>Returns the progress of a file whose ingest is not complete; null if it is not under way.</summary>
    public Consumed.FileProgress? ProgressOf(string name)
    {
        lock (_gate)
        {
            return _inProgress.GetValueOrDefault(name);
        }
    }

    /// <summary>Returns the last complete ingest of a file with this name, size and checksum; null if there was none.</summary>
    public Consumed.FileProgress? CompletedOf(string name, long size, uint crc32C)
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
    public IReadOnlyList<Consumed.FileProgress> ShorterOf(string name, long size)
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
    internal void Fold(Consumed consumed, long firstOffset, long rowCount)
    {
        lock (_gate)
        {
            switch (consumed)
            {
                case Consumed.ForeignFile file:
                    FoldForeign(file, firstOffset);
                    break;
                case Consumed.ForeignAccepted accepted:
                    FoldAccepted(accepted);
                    break;
                case Consumed.FileProgress progress:
                    FoldProgress(progress);
                    break;
                case Consumed.ProducerBatch batch:
                    _batches.Fold(batch, firstOffset, rowCount);
                    break;
                case Consumed.Mended mended:
                    foreach (QuarantineId id in mended.Ids)
                    {
                        _mended.Add(id);
                    }

                    break;
                case Consumed.Dismissed { Reason: { } reason } dismissed:
                    foreach (QuarantineId id in dismissed.Ids)
                    {
                        _dismissed[id] = reason;
                    }

                    break;
                case Consumed.Dismissed reopened:
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
        ArgumentNullException.ThrowIfNull(frame);
        Fold(frame.Consumed, frame.Start.Offset, frame.RowCount);
    }

    /// <summary>Forgets everything.</summary>
    internal void Clear()
    {
        lock (_gate)
        {
            _foreign.Clear();
            _foreignByName.Clear();
            _inProgress.Clear();
            _completed.Clear();
            _batches.Clear();
            _mended.Clear();
            _dismissed.Clear();
        }
    }

    /// <summary>Gets the progress of files and batches.</summary>
    public IReadOnlyList<Consumed> Sources =>
        [.. Export().Select(static record => record.Consumed).Where(static source => source is Consumed.FileProgress or Consumed.ProducerBatch)];

    /// <summary>Returns the records whose fold is this registry.</summary>
    internal List<RegistryRecord> Export()
    {
        lock (_gate)
        {
            var records = new List<RegistryRecord>();
            foreach (ForeignFileEntry entry in _foreign)
            {
                records.Add(new RegistryRecord(entry.File, entry.FirstOffset, entry.File.Rows));
                if (entry.IsAccepted)
                {
                    records.Add(new RegistryRecord(new Consumed.ForeignAccepted(entry.File.Name, entry.File.Size, entry.File.Crc32C), 0, 0));
                }
            }

            foreach (Consumed.FileProgress progress in _completed.Values)
            {
                records.Add(new RegistryRecord(progress, 0, 0));
            }

            foreach (Consumed.FileProgress progress in _inProgress.Values)
            {
                records.Add(new RegistryRecord(progress, 0, 0));
            }

            records.AddRange(_batches.Export());
            if (_mended.Count > 0)
            {
                records.AddRange(_mended.Order().GroupBy(static id => id.Partition).SelectMany(static ids => ids.Chunk(Consumed.Mended.IdsMax))
                    .Select(static ids => new RegistryRecord(new Consumed.Mended(ids), 0, 0)));
            }

            records.AddRange(_dismissed.GroupBy(static one => one.Value, static one => one.Key, StringComparer.Ordinal)
                .SelectMany(static because => because.Order().Chunk(Consumed.Mended.IdsMax)
                    .Select(ids => new RegistryRecord(new Consumed.Dismissed(ids, because.Key), 0, 0))));

            return records;
        }
    }

    private void FoldForeign(Consumed.ForeignFile file, long firstOffset)
    {
        var entry = new ForeignFileEntry(file, firstOffset);
        if (_foreignByName.TryGetValue(file.Name, out int index) && _foreign[index].File.Refused is not null)
        {
            // It was refused, has been corrected, and takes its place in the order now.
            RemoveForeignAt(index);
        }

        _foreignByName[file.Name] = _foreign.Count;
        _foreign.Add(entry);
    }

    private void FoldAccepted(Consumed.ForeignAccepted accepted)
    {
        int index = _foreign.FindIndex(entry => !entry.IsAccepted
            && entry.File.Name == accepted.Name && entry.File.Size == accepted.Size && entry.File.Crc32C == accepted.Crc32C);
        if (index < 0)
        {
            return;
        }

        if (_foreign[index].File.Refused is not null)
        {
            // The refusal is settled, and nothing of the file is in the lake.
            RemoveForeignAt(index);
            return;
        }

        _foreign[index] = _foreign[index] with { IsAccepted = true };
        if (_foreignByName.TryGetValue(accepted.Name, out int named) && named == index)
        {
            _foreignByName.Remove(accepted.Name);
        }
    }

    private void RemoveForeignAt(int index)
    {
        _foreign.RemoveAt(index);
        _foreignByName.Clear();
        for (int i = 0; i < _foreign.Count; i++)
        {
            if (!_foreign[i].IsAccepted)
            {
                _foreignByName[_foreign[i].File.Name] = i;
            }
        }
    }

    private void FoldProgress(Consumed.FileProgress progress)
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
