namespace OrleansLake.Core.Messages;

/// <summary>Growing of columns' arrays, without writing zeros that are overwritten at once.</summary>
internal static class ArrayGrowth
{
    /// <summary>Makes an array at least as long as asked for; the first <paramref name="used"/> elements stay.</summary>
    internal static void Reserve<T>(ref T[] array, int used, int length)
        where T : unmanaged
    {
        if (length > array.Length)
        {
            T[] larger = GC.AllocateUninitializedArray<T>(length);
            array.AsSpan(0, used).CopyTo(larger);
            array = larger;
        }
    }
}
