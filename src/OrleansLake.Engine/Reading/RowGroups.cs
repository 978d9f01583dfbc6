namespace OrleansLake.Engine.Reading;

/// <summary>Decodes the row groups of a file side by side, a few ahead of what is taken.</summary>
internal static class RowGroups
{
    /// <summary>Returns what is made of all row groups, in the file's order.</summary>
    /// <typeparam name="T">A piece of a row group.</typeparam>
    /// <param name="groups">The number of row groups.</param>
    /// <param name="work">The threads.</param>
    /// <param name="read">Decodes one.</param>
    internal static IEnumerable<T> InOrder<T>(int groups, ParallelWork work, Func<int, List<T>> read)
    {
        for (int first = 0; first < groups; first += work.Threads)
        {
            int count = Math.Min(work.Threads, groups - first);
            var decoded = new List<T>[count];
            work.For(count, i => decoded[i] = read(first + i));
            foreach (List<T> pieces in decoded)
            {
                foreach (T piece in pieces)
                {
                    yield return piece;
                }
            }
        }
    }
}
