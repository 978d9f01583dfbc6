namespace OrleansLake.Benchmarks.Comparing;

/// <summary>The middle of some figures.</summary>
internal static class Median
{
    /// <summary>The middle one; of an even number, the mean of the two in the middle.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static double Of(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        int middle = ordered.Length / 2;
        return ordered.Length switch
        {
            0 => throw new ArgumentException("There is no median of nothing.", nameof(values)),
            int length when length % 2 == 1 => ordered[middle],
            _ => (ordered[middle - 1] + ordered[middle]) / 2,
        };
    }
}
