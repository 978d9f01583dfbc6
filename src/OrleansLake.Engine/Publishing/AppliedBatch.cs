using OrleansLake.Core.Messages;

namespace OrleansLake.Engine.Publishing;

/// <summary>A batch that the reports count already and that waits to be published.</summary>
internal sealed class AppliedBatch
{
    internal AppliedBatch(MessageBatch batch, long firstOffset, int[] days, byte[] isCorrupted, bool isInBronze)
    {
        Batch = batch;
        Kept = batch.Kept?.Fields ?? KeptFields.None;
        FirstOffset = firstOffset;
        Days = days;
        IsCorrupted = isCorrupted;
        IsInBronze = isInBronze;
    }

    /// <summary>Gets the messages.</summary>
    internal MessageBatch Batch { get; }

    /// <summary>Gets what is kept beside some of the messages.</summary>
    internal KeptFields Kept { get; }

    /// <summary>Gets the first message's offset; the others follow without a gap.</summary>
    internal long FirstOffset { get; }

    /// <summary>Gets one local day a message, or <see cref="Core.State.LakeState.NoDay"/>.</summary>
    internal int[] Days { get; }

    /// <summary>Gets one byte a message: 1 for messages_corrupted, 0 for messages.</summary>
    internal byte[] IsCorrupted { get; }

    /// <summary>Gets a value indicating whether the rows are in a bronze file already: an external one, or one that is replayed.</summary>
    internal bool IsInBronze { get; }

    /// <summary>Gets the number of bytes of text in the batch, names aside.</summary>
    internal long TextBytes => Batch.Values.Bytes.Length + Batch.MessageIds.Texts.Bytes.Length + (Batch.Kept?.Attributes.Bytes.Length ?? 0);

    /// <summary>Gets the map from the batch's codes + 1 to those of the files being written; a null's is 0.</summary>
    internal int[] EventTypeCodes { get; private set; } = [];

    /// <summary>Gets the map from the batch's codes + 1 to those of the files being written; a null's is 0.</summary>
    internal int[] ChannelCodes { get; private set; } = [];

    /// <summary>Gives the batch's names their codes in the dictionaries of the files being written.</summary>
    internal void MapNames(NameTable eventTypes, NameTable channels)
    {
        EventTypeCodes = Map(Batch.EventTypes.Names, eventTypes);
        ChannelCodes = Map(Batch.Channels.Names, channels);
    }

    private static int[] Map(NameTable from, NameTable to)
    {
        int[] codes = new int[from.Count + 1];
        for (int code = 0; code < from.Count; code++)
        {
            codes[code + 1] = to.GetOrAdd(from[code]);
        }

        return codes;
    }
}
