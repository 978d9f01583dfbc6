namespace OrleansLake.Engine.Publishing;

/// <summary>The row numbers 0, 1, 2, ... for runs that take every row of a batch.</summary>
internal static class RowNumbers
{
    private static int[] _numbers = [];

    internal static ReadOnlyMemory<int> Upto(int count)
    {
        int[] numbers = _numbers;
        if (numbers.Length < count)
        {
            numbers = new int[Math.Max(count, 2 * numbers.Length)];
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] = i;
            }

            _numbers = numbers;
        }

        return numbers.AsMemory(0, count);
    }
}
