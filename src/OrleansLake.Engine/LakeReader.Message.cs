using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.State;
using OrleansLake.Engine.Live;
using OrleansLake.Engine.Publishing;

namespace OrleansLake.Engine;

/// <content>One message, and those that are in the log only.</content>
public sealed partial class LakeReader
{
    private readonly AddedData _added;

    /// <summary>Returns all copies of a message: those that are published, and those that are in the log only.</summary>
    /// <param name="messageId">Its id.</param>
    public MessageHistory Message(string messageId) => AtNewest<MessageHistory>(() =>
    {
        byte[] id = Encoding.UTF8.GetBytes(messageId);
        ManifestView? home = _view?.Partitions.FirstOrDefault(one => one.Manifest.Partition == _partitions[PartitionedMessages.PartitionOf(id, _partitions.Length)]);
        long[] offsets = [.. _partitions.Select(partition => _view?.Partitions.FirstOrDefault(one => one.Manifest.Partition == partition)?.Manifest.Applied.Offset ?? 0)];
        var copies = new List<StoredCopy>();
        if (home is not null)
        {
            if (PartitionReader.ReadUnpublished(_store, home.Manifest) is not { } frames)
            {
                // The log was moved on meanwhile.
                return null;
            }

            copies.AddRange(MessageSearch.Search(_store, home.Files.Values, id));
            foreach (LogFrame frame in frames)
            {
                if (frame.Rows is { } rows)
                {
                    MessageSearch.Search(Applied(frame.Start.Offset, rows), id, copies);
                }

                offsets[home.Manifest.Partition.Value - _partitions[0].Value] = frame.Start.Offset + frame.RowCount;
            }
        }

        return new MessageHistory(new LiveVersion(_view?.Manifests[0].Generation ?? 1, [.. offsets], _clock.GetUtcNow()), MessageSearch.Judge(copies, _added));
    });

    /// <summary>Returns the number of messages that are in the log only, as of the newest manifest: reports do not show them yet.</summary>
    internal long UnpublishedCount() => AtNewest<long[]>(() =>
    {
        IReadOnlyList<LogFrame>?[] logs = [.. (_view?.Manifests ?? []).Select(manifest => PartitionReader.ReadUnpublished(_store, manifest))];

        // Null: the log was moved on meanwhile.
        return logs.Contains(null) ? null : [.. logs.Select(static frames => frames!.Sum(static frame => (long)frame.RowCount))];
    }).Sum();

    private AppliedBatch Applied(long firstOffset, MessageBatch rows)
    {
        var days = new int[rows.Count];
        var isCorrupted = new byte[rows.Count];
        for (int row = 0; row < rows.Count; row++)
        {
            int code = rows.EventTypes.Codes[row];
            days[row] = rows.Timestamps.IsNull(row) ? LakeState.NoDay : TimeZone.LocalDay(rows.Timestamps.Values[row]);
            isCorrupted[row] = Corruption.IsCorrupted(code == NameColumn.NullCode ? default : rows.EventTypes.Names[code], code == NameColumn.NullCode) ? (byte)1 : (byte)0;
        }

        return new AppliedBatch(rows, firstOffset, days, isCorrupted, isInBronze: false);
    }
}
