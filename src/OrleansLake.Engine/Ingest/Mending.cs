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
internal sealed class Mending(ILakeStore store, LakePartition partition, LakeTimeZone zone, MendOptions options)
{
    private const int FrameBytes = 1024 * 1024;

    private readonly NdjsonParser _parser = new(zone);
    private readonly List<MendFailure> _failures = [];
    private readonly HashSet<QuarantineId> _missing = [];
    private MessageBatch _batch = new();
    private List<QuarantineId> _ids = [];
    private long _bytes;
    private long _mended;
    private long _accepted;
    private long _before;

    internal MendSummary Run(CancellationToken cancellation)
    {
        IReadOnlyList<QuarantineRange> wanted = options.Wanted.Count > 0 ? options.Wanted : [QuarantineRange.All];
        _missing.UnionWith(options.Fixes?.Keys.Where(id => wanted.Any(range => range.Contains(id))) ?? []);
        _missing.UnionWith(options.Wanted.Where(range => range.IsOne && (options.Fixes is not { } fixes || !fixes.ContainsKey(range.First))).Select(range => range.First));
        (IReadOnlyList<DataFile> files, IReadOnlyList<LogFrame> frames) = partition.Quarantined();
        Registry registry = partition.Registry;
        foreach (QuarantineEntry entry in QuarantineReader.Read(store, files, wanted, registry.IsMended)
            .Concat(frames.SelectMany(frame => QuarantineReader.Read(frame, wanted, registry.IsMended))))
        {
            cancellation.ThrowIfCancellationRequested();
            Take(entry);
            if (_bytes >= FrameBytes || _ids.Count == Consumed.Mended.IdsMax)
            {
                Append();
            }
        }

        Append();
        partition.Flush();
        return new MendSummary
        {
            Mended = _mended,
            Accepted = _accepted,
            MendedBefore = _before,
            Failures = _failures,
            Unknown = [.. _missing.Order()],
        };
    }

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
        int rows = _batch.Count;
        var rejections = new List<Rejection>();
        _parser.Parse(record, 1, 0, _batch, rejections);
        if (rejections.Count > 0 || _batch.Count == rows)
        {
            _batch.Truncate(rows);
            _failures.Add(rejections.Count > 0
                ? new MendFailure(entry.Id, rejections[0].Reason, rejections[0].Detail)
                : new MendFailure(entry.Id, RejectionReason.NotReadable, "nothing but blanks is left of it, and one JSON object is expected"));
            return;
        }

        _ids.Add(entry.Id);
        _bytes += record.Length;
        _accepted += _batch.Count - rows;
        _mended++;
    }

    private void Append()
    {
        if (_ids.Count > 0 && !options.IsDryRun)
        {
            partition.Accept(new FrameContent { Rows = _batch, Consumed = new Consumed.Mended(_ids) });
        }

        // What was appended belongs to whoever applies it.
        _batch = new MessageBatch();
        _ids = [];
        _bytes = 0;
    }
}
