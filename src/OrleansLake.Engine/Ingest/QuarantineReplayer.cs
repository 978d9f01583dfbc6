using System.Text.Unicode;
using OrleansLake.Core.Messages;
using OrleansLake.Engine.Mappings;
using OrleansLake.Engine.Partitions;
using OrleansLake.Engine.Quarantine;
using OrleansLake.Storage.Checksums;

namespace OrleansLake.Engine.Ingest;

/// <summary>
/// Sends rejected records again. A frame that accepts what they became says which records it replays, so that a record
/// is replayed once, whatever stops the process: the registry, which is read from the frames, knows it then.
/// </summary>
/// <remarks>
/// One record may become messages of several partitions. Those of all partitions but one are stored first, each as a
/// batch under a key of the record's own, and are durable before the frame that resolves the record is written: a replay that
/// repeats a replay that stopped between the two finds the batches and stores only what is missing.
/// </remarks>
/// <param name="store">The lake's location.</param>
/// <param name="partitions">The lake's partitions.</param>
/// <param name="options">The records, and as what.</param>
/// <param name="reading">What reads the records.</param>
internal sealed class QuarantineReplayer(ILakeStore store, LakePartitions partitions, QuarantineReplayOptions options, RecordReading reading)
{
    private const int FrameBytes = 1024 * 1024;

    private readonly List<QuarantineReplayFailure> _failures = [];
    private readonly HashSet<QuarantineId> _missing = [];
    private readonly List<QuarantineRange> _empty = [.. options.Wanted.Where(static range => !range.IsOne).Distinct()];
    private readonly ReplayedRows[] _waiting = [.. partitions.All.Select(static _ => new ReplayedRows())];
    private bool _hasUnflushedParts;
    private long _replayed;
    private long _accepted;
    private long _before;

    internal QuarantineReplaySummary Run(CancellationToken cancellation)
    {
        IReadOnlyList<QuarantineRange> wanted = options.Wanted.Count > 0 ? options.Wanted : [QuarantineRange.All];
        foreach (QuarantineId id in options.Fixes?.Keys ?? [])
        {
            if (wanted.Any(range => range.Contains(id)))
            {
                _missing.Add(id);
            }
            else
            {
                _failures.Add(new QuarantineReplayFailure(id, RejectionReason.NotReadable, "the file of fixes has it, and it is not among the records that are named"));
            }
        }

        _missing.UnionWith(options.Wanted.Where(range => range.IsOne && (options.Fixes is not { } fixes || !fixes.ContainsKey(range.First))).Select(range => range.First));
        for (int place = 0; place < partitions.Count; place++)
        {
            foreach (QuarantineEntry entry in QuarantineReader.Read(store, place, partitions.All[place].Quarantined(), wanted, partitions.SettlementOf))
            {
                cancellation.ThrowIfCancellationRequested();
                Take(entry);
            }

            // A frame replays records of one partition.
            for (int to = 0; to < partitions.Count; to++)
            {
                Append(to);
            }
        }

        partitions.Flush();
        return new QuarantineReplaySummary
        {
            Replayed = _replayed,
            Accepted = _accepted,
            ReplayedBefore = _before,
            Failures = _failures,
            Unknown = [.. _missing.Order()],
            EmptyRanges = _empty,
        };
    }

    private void Take(QuarantineEntry entry)
    {
        _missing.Remove(entry.Id);
        _empty.RemoveAll(range => range.Contains(entry.Id));
        byte[]? fix = options.Fixes?.GetValueOrDefault(entry.Id);
        if (options.Fixes is not null && fix is null)
        {
            if (options.Wanted.Any(range => range.IsOne && range.First == entry.Id))
            {
                _failures.Add(new QuarantineReplayFailure(entry.Id, entry.Rejection.Reason, "the file of fixes does not have it"));
            }

            return;
        }

        if (!entry.Settlement.IsOpen)
        {
            // It does not belong to all that are open; only a caller that names it is notified.
            bool isNamed = fix is not null || options.Wanted.Count > 0;
            if (isNamed && entry.Settlement.DismissedBecause is { } reason)
            {
                _failures.Add(new QuarantineReplayFailure(entry.Id, entry.Rejection.Reason, $"it was dismissed ('{reason}'); `lake quarantine dismiss {entry.Id} --undo` opens it again"));
            }

            _before += isNamed && entry.Settlement.IsReplayed ? 1 : 0;
            return;
        }

        if (options.TimestampFormat is not null && fix is null && options.Wanted.Count == 0 && !IsTimestampUnread(entry.Rejection))
        {
            return;
        }

        byte[] record = fix ?? entry.Rejection.Raw;
        var mended = new MessageBatch();
        var rejections = new List<Rejection>();
        if (!reading(entry, fix, mended, rejections, out string? fault))
        {
            if (fault is not null)
            {
                _failures.Add(new QuarantineReplayFailure(entry.Id, entry.Rejection.Reason, fault));
            }

            return;
        }

        if (rejections.Count > 0 || mended.Count == 0)
        {
            _failures.Add(rejections.Count > 0
                ? new QuarantineReplayFailure(entry.Id, rejections[0].Reason, IsRow(entry.Rejection, fix) ? RowDetail(entry.Rejection) : Named(rejections[0].Detail, entry.Rejection, fix))
                : new QuarantineReplayFailure(entry.Id, RejectionReason.NotReadable, fix is { Length: 0 } ? "no message takes its place; lake quarantine dismiss closes it" : "nothing but blanks is left of it, and one JSON object is expected"));
            return;
        }

        MessageBatch?[] parts = PartitionedMessages.Split(mended, partitions.Count);
        int to = Array.FindIndex(parts, static part => part is not null);
        if (!TryStoreParts(entry.Id, record, parts, to))
        {
            _failures.Add(new QuarantineReplayFailure(entry.Id, entry.Rejection.Reason, "a replay that was interrupted has stored a part of other messages in its place; send those again, then it is replayed"));
            return;
        }

        ReplayedRows waiting = _waiting[to];
        MessageBatch own = parts[to]!;
        for (int row = 0; row < own.Count; row++)
        {
            waiting.Batch.AppendRow(own, row);
        }

        waiting.Ids.Add(entry.Id);
        waiting.Bytes += record.Length;
        _accepted += mended.Count;
        _replayed++;
        if (waiting.Bytes >= FrameBytes || waiting.Ids.Count == SourceProgress.Replayed.IdsMax)
        {
            Append(to);
        }
    }

    // By what the record was when it was rejected: a line, an element of an array, a row of a table.
    private string Named(string detail, Rejection rejection, byte[]? fix)
    {
        // A whole body that could not be unpacked, say: its detail says more.
        if (fix is null && !Utf8.IsValid(rejection.Raw))
        {
            return rejection.Detail;
        }

        if (detail.Split(' ') is not ["the", "line" or "record" or "object", ..])
        {
            return detail;
        }

        string kind = fix is not null ? "replacement"
            : rejection.Detail.Split(' ') is ["the", ("line" or "record" or "object" or "element" or "row") and var said, ..] ? said
            : rejection.Raw.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("{"u8) ? "record" : "row";
        if (kind == "row" || (fix is null && rejection.Detail.Contains(" is not CSV ", StringComparison.Ordinal)))
        {
            return fix is null && IsMapped(rejection) ? RowDetail(rejection) : "it is a row of a table, whose header names its fields; --fix puts a JSON object in its place";
        }

        return $"the {kind}{detail[detail.IndexOf(' ', "the ".Length)..]}";
    }

    // Other faults of a timestamp, such as none, no format puts right.
    private static bool IsTimestampUnread(Rejection rejection) =>
        rejection.Reason is RejectionReason.UnreadableTimestamp or RejectionReason.WrongType or RejectionReason.TimestampOutOfRange
        && rejection.Detail.StartsWith("timestamp ", StringComparison.Ordinal);

    // Only the header of its file says what its fields are.
    private bool IsRow(Rejection rejection, byte[]? fix) =>
        fix is null && reading.Target is RejectedRecordReader && IsTimestampUnread(rejection) && !rejection.Raw.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("{"u8);

    private string RowDetail(Rejection rejection)
    {
        string format = options.TimestampFormat is not { } given ? "FORMAT" : given.IsEpoch ? given.Text : $"\"{given.Text}\"";
        string mapping = rejection.Mapping switch { null => "", "" => " --mapping NAME|FILE", var name => $" --mapping {name}" };
        string how = IsMapped(rejection) ? $"lake ingest FILE{mapping} reads it once the mapping does" : $"lake ingest FILE --timestamp-format {format} reads it";
        return $"it is a row of a table, whose header names its fields: {how}, or --fix puts a JSON object in its place";
    }

    private static bool IsMapped(Rejection rejection) => rejection.Mapping is { } name ? name != LakeMappings.NoneName : rejection.Detail.Contains(" (from ", StringComparison.Ordinal);

    // Stores what belongs to other partitions than the one whose frame replays the record. False: other messages than these were stored.
    private bool TryStoreParts(QuarantineId id, byte[] record, MessageBatch?[] parts, int home)
    {
        // No sender can give a key with a control character.
        var key = new BatchKey($"\u0001quarantine {id}", null);
        uint crc = Crc32C.Of(record);
        BatchEntry?[] stored = [.. partitions.All.Select(partition => partition.Registry.BatchOf(key))];
        if (stored.Any(one => one is { Batch: var batch } && (batch.PrefixCrc32C != crc || batch.EndPosition != record.Length)))
        {
            return false;
        }

        for (int to = home + 1; to < parts.Length && !options.IsDryRun; to++)
        {
            if (parts[to] is { } part && stored[to] is null)
            {
                partitions.All[to].Accept(new FrameContent
                {
                    Rows = part,
                    SourceProgress = new SourceProgress.ProducerBatch(key, crc, record.Length, 1, part.Count, 0, true),
                });
                _hasUnflushedParts = true;
            }
        }

        return true;
    }

    private void Append(int to)
    {
        ReplayedRows waiting = _waiting[to];
        if (waiting.Ids.Count > 0 && !options.IsDryRun)
        {
            if (_hasUnflushedParts)
            {
                partitions.Flush();
                _hasUnflushedParts = false;
            }

            partitions.All[to].Accept(new FrameContent { Rows = waiting.Batch, SourceProgress = new SourceProgress.Replayed(waiting.Ids) });
        }

        // What was appended belongs to the apply loop.
        _waiting[to] = new ReplayedRows();
    }

    /// <summary>The rows that replayed records became, with the records' ids, until a frame of one partition takes them.</summary>
    private sealed class ReplayedRows
    {
        internal MessageBatch Batch { get; } = new();

        internal List<QuarantineId> Ids { get; } = [];

        internal long Bytes { get; set; }
    }
}
