using OrleansLake.Core.Messages;

namespace OrleansLake.Engine.Publishing;

/// <summary>
/// Makes one applied batch of many small ones in a row. What waits for the trigger is copied by every collection that
/// comes until then, at a cost of its objects, and of each batch silver takes what is of one date: hundreds of large
/// batches cost neither what tens of thousands of small ones do.
/// </summary>
internal static class MergedBatches
{
    /// <param name="batches">Batches in bronze order without a gap, all of them in bronze files already or none.</param>
    internal static AppliedBatch Of(IReadOnlyList<AppliedBatch> batches)
    {
        int rows = batches.Sum(static batch => batch.Batch.Count);
        var merged = new MessageBatch();
        merged.Reserve(rows);
        int[] days = new int[rows];
        byte[] isCorrupted = new byte[rows];
        foreach (AppliedBatch applied in batches)
        {
            MessageBatch batch = applied.Batch;
            applied.Days.AsSpan(0, batch.Count).CopyTo(days.AsSpan(merged.Count));
            applied.IsCorrupted.AsSpan(0, batch.Count).CopyTo(isCorrupted.AsSpan(merged.Count));
            Append(merged.Timestamps, batch.Timestamps);
            Append(merged.Values, batch.Values);
            Append(merged.EventTypes, batch.EventTypes);
            Append(merged.MessageIds, batch.MessageIds);
            Append(merged.Channels, batch.Channels);
            merged.CountryIds.AppendAll(batch.CountryIds);
            int before = merged.Count;
            KeptColumns? kept = merged.Kept ?? (batch.Kept is null ? null : merged.Keep(batch.Kept.Fields));
            merged.UserIds.AppendAll(batch.UserIds);
            kept?.AppendAll(batch.Kept, merged.Count - before);
        }

        return new AppliedBatch(merged, batches[0].FirstOffset, days, isCorrupted, batches[0].IsInBronze);
    }

    private static void Append<T>(NumberColumn<T> to, NumberColumn<T> from)
        where T : unmanaged
    {
        if (from.NullCount == 0)
        {
            to.AppendRange(from.Values);
            return;
        }

        for (int row = 0; row < from.Count; row++)
        {
            to.AppendRow(from, row);
        }
    }

    private static void Append(TextColumn to, TextColumn from)
    {
        if (from.NullCount == 0)
        {
            to.AppendRange(from.Bytes.Span, from.Offsets.Span);
            return;
        }

        for (int row = 0; row < from.Count; row++)
        {
            to.AppendRow(from, row);
        }
    }

    private static void Append(NameColumn to, NameColumn from)
    {
        int[] codes = new int[from.Names.Count];
        for (int code = 0; code < codes.Length; code++)
        {
            codes[code] = to.Names.GetOrAdd(from.Names[code]);
        }

        foreach (int code in from.Codes)
        {
            to.AppendCode(code == NameColumn.NullCode ? code : codes[code]);
        }
    }

    private static void Append(MessageIdColumn to, MessageIdColumn from)
    {
        if (!from.Kinds.ContainsAnyExcept(MessageIdKind.Uuid))
        {
            to.AppendUuids(from.Bits);
            return;
        }

        for (int row = 0; row < from.Count; row++)
        {
            to.AppendRow(from, row);
        }
    }
}
