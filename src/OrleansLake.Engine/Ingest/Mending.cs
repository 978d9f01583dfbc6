using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Reading;
using OrleansLake.Storage;

namespace OrleansLake.Engine.Ingest;

/// <summary>
/// Sends rejected records again. A frame that accepts what they became says which records it mends, so that a record
/// is mended once, whatever stops the process: the registry, which is read from the frames, knows it then.
/// </summary>
internal sealed class Mending(ILakeStore store, LakePartitions partitions, LakeTimeZone zone, MendOptions options)
{
    private const int FrameBytes = 1024 * 1024;

    private readonly NdjsonParser _parser = new(zone);
    private readonly List<MendFailure> _failures = [];
    private readonly HashSet<QuarantineId> _missing = [];
    private readonly MendedRows[] _waiting = [.. partitions.All.Select(static _ => new MendedRows())];
    private long _mended;
    private long _accepted;
    private long _before;

    internal MendSummary Run(CancellationToken cancellation)
    {
        IReadOnlyList<QuarantineRange> wanted = options.Wanted.Count > 0 ? options.Wanted : [QuarantineRange.All];
        _missing.UnionWith(options.Fixes?.Keys.Where(id => wanted.Any(range => range.Contains(id))) ?? []);
        _missing.UnionWith(options.Wanted.Where(range => range.IsOne && (options.Fixes is not { } fixes || !fixes.ContainsKey(range.First))).Select(range => range.First));
        for (int place = 0; place < partitions.Count; place++)
        {
            int own = place;
            (IReadOnlyList<DataFile> files, IReadOnlyList<LogFrame> frames) = partitions.All[place].Quarantined();
            foreach (QuarantineEntry entry in QuarantineReader.Read(store, place, files, wanted, IsMended)
                .Concat(frames.SelectMany(frame => QuarantineReader.Read(frame, own, wanted, IsMended))))
            {
                cancellation.ThrowIfCancellationRequested();
                Take(entry);
            }

            // A frame mends records of one partition.
            for (int to = 0; to < partitions.Count; to++)
            {
                Append(to);
            }
        }

        partitions.Flush();
        return new MendSummary
        {
            Mended = _mended,
            Accepted = _accepted,
            MendedBefore = _before,
            Failures = _failures,
            Unknown = [.. _missing.Order()],
        };
    }

    private bool IsMended(QuarantineId id) => partitions.All.Any(partition => partition.Registry.IsMended(id));

    private void Take(QuarantineEntry entry)
    {
        _missing.Remove(entry.Id);
        byte[]? fix = options.Fixes?.GetValueOrDefault(entry.Id);
        if (options.Fixes is not null && fix is null)
        {
            if (options.Wanted.Any(range => range.IsOne && range.First == entry.Id))
            {
                _failures.Add(new MendFailure(entry.Id, entry.Rejection.Reason, "the file of fixes does not have it"));
            }

            return;
        }

        if (entry.IsMended)
        {
            // Of all that are open it is none; only who asks for it by name is told.
            _before += fix is not null || options.Wanted.Count > 0 ? 1 : 0;
            return;
        }

        byte[] record = fix ?? entry.Rejection.Raw;
        var mended = new MessageBatch();
        var rejections = new List<Rejection>();
        _parser.Parse(record, 1, 0, mended, rejections);
        if (rejections.Count > 0 || mended.Count == 0)
        {
            _failures.Add(rejections.Count > 0
                ? new MendFailure(entry.Id, rejections[0].Reason, rejections[0].Detail)
                : new MendFailure(entry.Id, RejectionReason.NotReadable, "nothing but blanks is left of it, and one JSON object is expected"));
            return;
        }

        MessageBatch?[] parts = PartitionedMessages.Split(mended, partitions.Count);
        int to = Array.FindIndex(parts, static part => part is not null);
        if (parts.Count(static part => part is not null) > 1)
        {
            _failures.Add(new MendFailure(entry.Id, RejectionReason.NotReadable, "what takes its place has messages of several partitions, which are not stored at once; give it one message"));
            return;
        }

        MendedRows waiting = _waiting[to];
        for (int row = 0; row < mended.Count; row++)
        {
            waiting.Batch.AppendRow(mended, row);
        }

        waiting.Ids.Add(entry.Id);
        waiting.Bytes += record.Length;
        _accepted += mended.Count;
        _mended++;
        if (waiting.Bytes >= FrameBytes || waiting.Ids.Count == Consumed.Mended.IdsMax)
        {
            Append(to);
        }
    }

    private void Append(int to)
    {
        MendedRows waiting = _waiting[to];
        if (waiting.Ids.Count > 0 && !options.IsDryRun)
        {
            partitions.All[to].Accept(new FrameContent { Rows = waiting.Batch, Consumed = new Consumed.Mended(waiting.Ids) });
        }

        // What was appended belongs to whoever applies it.
        _waiting[to] = new MendedRows();
    }

    /// <summary>What records became, and which these are, until a frame of one partition takes them.</summary>
    private sealed class MendedRows
    {
        internal MessageBatch Batch { get; } = new();

        internal List<QuarantineId> Ids { get; } = [];

        internal long Bytes { get; set; }
    }
}
