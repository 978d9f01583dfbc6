namespace OrleansLake.Core.Parsing;

/// <summary>Finds what a misspelt name was probably meant to be.</summary>
public static class NearestName
{
    /// <summary>Gets the nearest of the names that there are; null if none is near.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="names">The names.</param>
    public static string? Of(string text, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(names);
        string? nearest = null;
        int least = int.MaxValue;
        foreach (string name in names)
        {
            int distance = Distance(text, name);
            bool isNear = distance <= Math.Max(2, name.Length / 3) && distance < Math.Max(text.Length, name.Length);
            if (distance < least && isNear)
            {
                (nearest, least) = (name, distance);
            }
        }

        return nearest;
    }

    /// <summary>Counts the letters that have to be put in, left out or exchanged; capitals do not count.</summary>
    /// <param name="a">A text.</param>
    /// <param name="b">Another one.</param>
    public static int Distance(string a, string b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        int[] above = [.. Enumerable.Range(0, b.Length + 1)];
        int[] row = new int[b.Length + 1];
        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int exchanged = above[j - 1] + (char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1);
                row[j] = Math.Min(exchanged, Math.Min(above[j], row[j - 1]) + 1);
            }

            (above, row) = (row, above);
        }

        return above[b.Length];
    }
}
