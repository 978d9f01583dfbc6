namespace OrleansLake.Server.Messages;

/// <summary>Bounds the bytes of bodies that are in memory at once.</summary>
internal sealed class BodyBudget(long bytesMax)
{
    private long _taken;

    internal long Taken => Volatile.Read(ref _taken);

    /// <summary>Takes bytes, to be given back by <see cref="Release"/>; false if the bound is reached.</summary>
    internal bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= bytesMax)
        {
            return true;
        }

        Release(bytes);
        return false;
    }

    internal void Release(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
