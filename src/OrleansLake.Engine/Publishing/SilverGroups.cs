using System.Runtime.InteropServices;

namespace OrleansLake.Engine.Publishing;

/// <summary>
/// Sorts applied rows into silver's folders: one group for each table and date, its rows in bronze order. A counting
/// sort over each batch, so that the cost is two passes whatever the number of dates; then the rows are gathered.
/// </summary>
internal static class SilverGroups
{
    private const int RecentDays = 256;    // of both tables: a power of two, twice the days of a season

    /// <summary>Returns the groups, ordered by table, then date (no date first), their columns filled. The batches' names are mapped.</summary>
    internal static List<SilverGroup> Of(IReadOnlyList<AppliedBatch> batches, ParallelWork work)
    {
        var parts = new Dictionary<(bool Corrupted, int Day), RowRun>[batches.Count];
        work.For(batches.Count, i => parts[i] = Split(batches[i]));

        var groups = new Dictionary<(bool Corrupted, int Day), SilverGroup>();
        foreach (Dictionary<(bool Corrupted, int Day), RowRun> part in parts)
        {
            foreach (((bool Corrupted, int Day) key, RowRun run) in part)
            {
                if (!groups.TryGetValue(key, out SilverGroup? group))
                {
                    groups.Add(key, group = new SilverGroup(key.Corrupted, key.Day));
                }

                group.Add(run);
            }
        }

        List<SilverGroup> ordered = [.. groups.Values.OrderBy(g => g.IsCorrupted).ThenBy(g => g.Day)];
        Gather(ordered, work);
        return ordered;
    }

    private static void Gather(List<SilverGroup> groups, ParallelWork work)
    {
        var owners = new List<SilverGroup>();
        var rowGroups = new List<List<RowRun>>();
        foreach (SilverGroup group in groups)
        {
            foreach (List<RowRun> runs in DataFileWriter.RowGroups(group.Runs))
            {
                owners.Add(group);
                rowGroups.Add(runs);
            }
        }

        MessageColumns[] columns = MessageColumns.Of(rowGroups, work);
        for (int i = 0; i < columns.Length; i++)
        {
            owners[i].RowGroups.Enqueue(columns[i]);
        }
    }

    private static Dictionary<(bool Corrupted, int Day), RowRun> Split(AppliedBatch batch)
    {
        ReadOnlySpan<int> days = batch.Days.AsSpan(0, batch.Batch.Count);
        ReadOnlySpan<byte> corrupted = batch.IsCorrupted;
        var keys = new List<(bool Corrupted, int Day)>();
        var counts = new List<int>();
        ReadOnlySpan<int> textEnds = batch.Batch.Values.Offsets.Span;
        var indexes = new Dictionary<(bool Corrupted, int Day), int>();
        int[] groupOf = new int[days.Length];

        // Days come in any order, and most of them again and again: where one was found last time is looked up first.
        Span<int> recentDays = stackalloc int[RecentDays];
        Span<int> recentGroups = stackalloc int[RecentDays];
        recentGroups.Fill(-1);
        for (int row = 0; row < days.Length; row++)
        {
            int day = days[row];
            int recent = ((day << 1) | corrupted[row]) & (RecentDays - 1);
            if (recentGroups[recent] < 0 || recentDays[recent] != day)
            {
                (bool Corrupted, int Day) key = (corrupted[row] != 0, day);
                if (!indexes.TryGetValue(key, out int index))
                {
                    index = keys.Count;
                    indexes.Add(key, index);
                    keys.Add(key);
                    counts.Add(0);
                }

                recentDays[recent] = day;
                recentGroups[recent] = index;
            }

            groupOf[row] = recentGroups[recent];
        }

        Span<int> sizes = CollectionsMarshal.AsSpan(counts);
        int[] textBytes = new int[keys.Count];
        for (int row = 0; row < groupOf.Length; row++)
        {
            sizes[groupOf[row]]++;
            textBytes[groupOf[row]] += textEnds[row + 1] - textEnds[row];
        }

        int[] starts = new int[keys.Count];
        int start = 0;
        for (int i = 0; i < starts.Length; i++)
        {
            starts[i] = start;
            start += counts[i];
        }

        int[] rows = new int[days.Length];
        int[] next = (int[])starts.Clone();
        for (int row = 0; row < groupOf.Length; row++)
        {
            rows[next[groupOf[row]]++] = row;
        }

        var runs = new Dictionary<(bool Corrupted, int Day), RowRun>(keys.Count);
        for (int i = 0; i < starts.Length; i++)
        {
            runs.Add(keys[i], new RowRun(batch, rows.AsMemory(starts[i], counts[i]), textBytes[i]));
        }

        return runs;
    }
}
