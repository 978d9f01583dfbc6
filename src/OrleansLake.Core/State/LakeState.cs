using System.Buffers;
using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;

namespace OrleansLake.Core.State;

/// <summary>
/// The state of one partition: the first occurrence of every key (message id, event type, channel), the reports over
/// them, and the ledger. It is a function of the messages in the order of their offsets; live and replayed messages
/// go the same way.
/// </summary>
/// <remarks>
/// A message takes part unless it is corrupted (event type null, <c>''</c> or <c>NONE</c>). The first occurrence of a
/// key is the least by (timestamp, offset); a null timestamp comes after every other. When one arrives that comes
/// before the one known, that one's part in every report is taken back.
/// <para>Keys are divided over <see cref="ShardCount"/> shards by the hash of the message id. Threads: one prepares,
/// batch after batch; one at a time applies to a shard, batch after batch, while others apply to other shards and the
/// next batch is prepared. Everything else needs all prepared batches applied and no other call under way.</para>
/// </remarks>
public sealed class LakeState
{
    /// <summary>The number of shards: the same everywhere, so that results never depend on threads.</summary>
    public const int ShardCount = 8;

    /// <summary>The day of a message without a date: its timestamp is null or not within the years 0001 to 9999.</summary>
    public const int NoDay = int.MinValue;

    /// <summary>0001-01-01 in days since 1970-01-01.</summary>
    public const int DayMin = -719162;

    /// <summary>9999-12-31 in days since 1970-01-01.</summary>
    public const int DayMax = 2932896;

    private const int ShardShift = 64 - 3;
    private const int Absent = -2;    // no name of the state's

    private readonly ReportDefinition[] _reports;
    private readonly RowNumbering[] _numberings;
    private readonly StateShard[] _shards = new StateShard[ShardCount];
    private readonly FieldNames _names;
    private DayCounts _ledger = new();    // messages, corrupted
    private ReportTracking[]? _tracking;
    private int _watched;
    private bool _isCut;

    /// <summary>Initializes an empty state that keeps some reports.</summary>
    /// <param name="reports">The reports; a catalog says what the lake's ids are, else they are numbers of 32 bits.</param>
    /// <exception cref="ArgumentException">A definition cannot be counted, or two have one name.</exception>
    public LakeState(IReadOnlyList<ReportDefinition> reports)
    {
        _names = new FieldNames((reports as ReportCatalog)?.Ids ?? IdTypes.Default);
        _reports = [.. reports.Select(report => report.Of(_names.Ids))];
        foreach (ReportDefinition report in _reports)
        {
            report.Validate();
        }

        if (_reports.DistinctBy(report => report.Name, StringComparer.OrdinalIgnoreCase).Count() != _reports.Length)
        {
            throw new ArgumentException("Two reports have one name.", nameof(reports));
        }

        _numberings = [.. _reports.Select(static report => new RowNumbering(report.RowKeys.Count))];
        for (int shard = 0; shard < ShardCount; shard++)
        {
            _shards[shard] = new StateShard(_reports);
        }
    }

    /// <summary>Gets the reports that are kept.</summary>
    public IReadOnlyList<ReportDefinition> Reports => _reports;

    /// <summary>Gets the number of keys that are known.</summary>
    public long KeyCount => _shards.Sum(shard => (long)shard.Count);

    /// <summary>Gets the number of keys that were added or replaced since <see cref="MarkExported"/>.</summary>
    public long ChangedKeyCount => _shards.Sum(shard => (long)shard.ChangedCount);

    /// <summary>Gets the memory that the keys, their texts and the reports take, in bytes.</summary>
    public long MemoryBytes => _shards.Sum(static shard => shard.MemoryBytes) + _numberings.Sum(static numbering => numbering.MemoryBytes);

    /// <summary>Gets what was applied so far, and the first occurrences among it; the state does not know what was rejected.</summary>
    public Ledger Ledger
    {
        get
        {
            var days = new Dictionary<int, LedgerCounts>();
            for (int i = 0; i < _ledger.Count; i++)
            {
                (int day, long messages, long corrupted) = _ledger[i];
                days.Add(day, new LedgerCounts(messages + corrupted, messages, corrupted, 0, 0));
            }

            foreach (StateShard shard in _shards)
            {
                for (int i = 0; i < shard.Days.Count; i++)
                {
                    (int day, long deduplicated, _) = shard.Days[i];
                    days[day] = days.GetValueOrDefault(day) + new LedgerCounts(0, 0, 0, 0, deduplicated);
                }
            }

            return new Ledger(Totals, days);
        }
    }

    /// <summary>
    /// Works out what all shards need of a batch. Nothing is counted by that, so it may be done ahead of its turn. Batches
    /// are prepared in the order of their offsets.
    /// </summary>
    /// <param name="batch">The messages; to be left alone until every shard has applied them.</param>
    /// <param name="firstOffset">The offset of the first; below 2^48 - the batch's length.</param>
    /// <param name="days">One local day a message: days since 1970-01-01, or <see cref="NoDay"/>.</param>
    /// <param name="into">Cleared and filled.</param>
    /// <exception cref="ArgumentException">A day is not one of its timestamp in any time zone.</exception>
    public void Prepare(MessageBatch batch, long firstOffset, ReadOnlySpan<int> days, PreparedBatch into)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstOffset, FirstOccurrence.OffsetMax - batch.Count);
        if (days.Length != batch.Count)
        {
            throw new ArgumentException("There must be one day for each message.", nameof(days));
        }

        into.Reset(batch, firstOffset, days);
        new BatchRouter(_names).Route(batch, days, into);
    }

    /// <summary>Takes a prepared batch into one shard; the first one counts it in the ledger.</summary>
    public void ApplyShard(int shard, PreparedBatch batch)
    {
        if (shard == 0)
        {
            _ledger.Add(batch.LedgerDays);
        }

        int start = batch.ShardStarts[shard];
        int length = batch.ShardStarts[shard + 1] - start;
        _shards[shard].Apply(batch, batch.ShardRows.AsSpan(start, length), batch.ShardHashes.AsSpan(start, length));
    }

    /// <summary>Takes a prepared batch into all shards.</summary>
    public void Apply(PreparedBatch batch)
    {
        for (int shard = 0; shard < ShardCount; shard++)
        {
            ApplyShard(shard, batch);
        }
    }

    /// <summary>Returns a report as of now.</summary>
    /// <exception cref="ArgumentException">It is not among <see cref="Reports"/>.</exception>
    public ReportTable Report(ReportDefinition definition)
    {
        int report = IndexOf(definition);
        return ReportBuilder.Build(_reports[report], _names, [.. _shards.Select(shard => shard.Pivot(report))], _numberings[report]);
    }

    /// <summary>Gets the ledger's sums without its days: cheap enough to ask for with every read.</summary>
    public LedgerCounts Totals
    {
        get
        {
            long messages = 0;
            long corrupted = 0;
            for (int i = 0; i < _ledger.Count; i++)
            {
                (_, long first, long second) = _ledger[i];
                messages += first;
                corrupted += second;
            }

            return new LedgerCounts(messages + corrupted, messages, corrupted, 0, KeyCount);
        }
    }

    /// <summary>Returns the latest timestamp of a first occurrence; null if there is none. It goes through all keys.</summary>
    public long? NewestTimestamp()
    {
        long? newest = null;
        foreach (StateShard shard in _shards)
        {
            for (int index = 0; index < shard.Count; index++)
            {
                ref readonly FirstOccurrence entry = ref shard[index];
                if ((entry.Flags & FirstOccurrence.NullTimestamp) == 0 && !(entry.Timestamp <= newest))
                {
                    newest = entry.Timestamp;
                }
            }
        }

        return newest;
    }

    /// <summary>Collects from now on what changes in the reports. While nobody does, it costs nothing.</summary>
    public StateChanges TrackChanges()
    {
        _tracking ??= [.. _reports.Select((report, i) => new ReportTracking(report, _names, [.. _shards.Select(shard => shard.Pivot(i))]))];
        var changes = new StateChanges(this, [.. _tracking.Select(tracking => tracking.Add())]);
        _watched++;
        return changes;
    }

    /// <summary>Returns the first occurrence of every (event type, channel) of a message; none if the message is not known.</summary>
    /// <remarks>Keys have no index by message alone: every known event type is asked for with every known channel.</remarks>
    public List<MessageOccurrence> Find(ReadOnlySpan<byte> messageId)
    {
        MessageIdKind kind = UuidText.TryParse(messageId, out MessageIdBits id) ? MessageIdKind.Uuid : MessageIdKind.Text;
        id = kind == MessageIdKind.Uuid ? id : new MessageIdBits(StableHash.OfText(messageId), 0);
        ulong idHash = kind == MessageIdKind.Uuid ? StableHash.OfBits(id.High, id.Low) : id.High;
        StateShard shard = _shards[ShardOf(idHash)];
        var found = new List<MessageOccurrence>();
        for (int eventCode = 0; eventCode < _names.EventTypes.Count; eventCode++)
        {
            for (int channelCode = NameColumn.NullCode; channelCode < _names.Channels.Count; channelCode++)
            {
                if (shard.TryFind(kind, id, messageId, idHash, eventCode, channelCode, out FirstOccurrence entry))
                {
                    found.Add(new MessageOccurrence
                    {
                        EventType = Encoding.UTF8.GetString(_names.EventTypes[eventCode]),
                        Channel = channelCode == NameColumn.NullCode ? null : Encoding.UTF8.GetString(_names.Channels[channelCode]),
                        Timestamp = (entry.Flags & FirstOccurrence.NullTimestamp) != 0 ? null : entry.Timestamp,
                        Offset = entry.Offset,
                        UserId = (entry.Flags & FirstOccurrence.NullUser) != 0 ? null : IdColumn.ValueOf(_names.Users, _names.Ids.User, entry.UserId),
                        CountryId = (entry.Flags & FirstOccurrence.NullCountry) != 0 ? null : IdColumn.ValueOf(_names.Countries, _names.Ids.Country, entry.CountryId),
                    });
                }
            }
        }

        return found;
    }

    /// <summary>Finds, of each message's key, the offset of the copy that counts now; -1 where none does.</summary>
    /// <param name="batch">The messages.</param>
    /// <param name="offsets">One a message.</param>
    public void FindOffsets(MessageBatch batch, Span<long> offsets)
    {
        int[] eventMap = CodesOf(batch.EventTypes.Names, _names.EventTypes);
        int[] channelMap = CodesOf(batch.Channels.Names, _names.Channels);
        MessageIdColumn ids = batch.MessageIds;
        for (int row = 0; row < batch.Count; row++)
        {
            int eventCode = batch.EventTypes.IsNull(row) ? Absent : eventMap[batch.EventTypes.Codes[row]];
            int channelCode = batch.Channels.IsNull(row) ? NameColumn.NullCode : channelMap[batch.Channels.Codes[row]];
            ulong idHash = ids.Hash(row);
            ReadOnlySpan<byte> text = ids.Kinds[row] == MessageIdKind.Text ? ids.Texts[(int)ids.Bits[row].Low] : [];
            offsets[row] = eventCode != Absent && channelCode != Absent
                && _shards[ShardOf(idHash)].TryFind(ids.Kinds[row], ids.Bits[row], text, idHash, eventCode, channelCode, out FirstOccurrence found) ? found.Offset : -1;
        }

        static int[] CodesOf(NameTable names, NameTable known)
        {
            var codes = new int[names.Count];
            for (int code = 0; code < codes.Length; code++)
            {
                codes[code] = known.Find(names[code]) is var found and >= 0 ? found : Absent;
            }

            return codes;
        }
    }

    /// <summary>Returns a fingerprint of all first occurrences.</summary>
    public StateDigest Digest() => StateDigest.Of(_shards, _names);

    /// <summary>Returns a report as of now, to be added to the parts of other partitions.</summary>
    /// <exception cref="ArgumentException">It is not among <see cref="Reports"/>.</exception>
    public ReportPart Part(ReportDefinition definition)
    {
        int report = IndexOf(definition);
        return ReportBuilder.BuildPart(_reports[report], _names, [.. _shards.Select(shard => shard.Pivot(report))], _numberings[report]);
    }

    /// <summary>Writes the ledger and the keys that were added or replaced since <see cref="MarkExported"/>.</summary>
    public void ExportChanges(IBufferWriter<byte> destination) => Export(CutsOfNow(), _ledger.ToArray(), onlyChanges: true, static step => step()).Write(destination);

    /// <summary>Writes the ledger and all keys.</summary>
    public void ExportAll(IBufferWriter<byte> destination) => Export(CutsOfNow(), _ledger.ToArray(), onlyChanges: false, static step => step()).Write(destination);

    /// <summary>
    /// Returns the state as it is now, to be exported while messages continue being applied; the next changes start from here, unless
    /// the cut is undone.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is a cut that is neither completed nor undone.</exception>
    public StateCut Cut()
    {
        if (_isCut)
        {
            throw new InvalidOperationException("The state has a cut already.");
        }

        _isCut = true;
        return new StateCut(this, _shards, _ledger);
    }

    /// <summary>Returns a report's counts as they are now, to be put in order while messages continue being applied.</summary>
    /// <exception cref="ArgumentException">It is not among <see cref="Reports"/>.</exception>
    public ReportCopy Copy(ReportDefinition definition)
    {
        int report = IndexOf(definition);
        return new ReportCopy(_reports[report], _names.Copy(), [.. _shards.Select(shard => shard.Pivot(report).Copy())], _numberings[report]);
    }

    /// <summary>Marks what was exported as safe: the next <see cref="ExportChanges"/> starts from here.</summary>
    public void MarkExported()
    {
        foreach (StateShard shard in _shards)
        {
            shard.MarkExported();
        }
    }

    /// <summary>
    /// Reads what was exported: everything first, then the changes in the order in which they were written. A key
    /// replaces what is known of it, and the ledger is replaced. What was imported counts as exported.
    /// </summary>
    /// <exception cref="CorruptDataException">The bytes are not an export. The state may hold a part of it: leave it.</exception>
    public void Import(ReadOnlySpan<byte> bytes)
    {
        var import = new StateImport(bytes, _names);
        _ledger = import.ReadLedger();
        import.ReadNames();
        import.ReadEntries(_shards);
        MarkExported();
    }

    internal StateExport Export(ShardCut[] cuts, (int Day, long Messages, long Corrupted)[] days, bool onlyChanges, Action<Action> exclusively) =>
        new(cuts, days, _names, onlyChanges, exclusively);

    internal void EndCut() => _isCut = false;

    private ShardCut[] CutsOfNow() => [.. _shards.Select(static shard => shard.Now())];

    internal void CollectChanges()
    {
        foreach (ReportTracking tracking in _tracking!)
        {
            tracking.Collect();
        }
    }

    internal void StopTracking(StateChanges changes)
    {
        for (int report = 0; report < _tracking!.Length; report++)
        {
            _tracking[report].Remove(changes.Trackers[report]);
        }

        if (--_watched == 0)
        {
            foreach (ReportTracking tracking in _tracking)
            {
                tracking.Stop();
            }

            _tracking = null;
        }
    }

    private int IndexOf(ReportDefinition definition)
    {
        int report = Array.FindIndex(_reports, kept => ReferenceEquals(kept, definition) || kept.Name == definition.Name);
        return report >= 0 ? report : throw new ArgumentException($"The report '{definition.Name}' is not kept.", nameof(definition));
    }

    internal static int ShardOf(ulong idHash) => (int)(idHash >> ShardShift);
}
