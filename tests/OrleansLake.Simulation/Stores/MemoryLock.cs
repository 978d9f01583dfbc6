namespace OrleansLake.Simulation.Stores;

internal sealed class MemoryLock(string owner, Action<MemoryLock> release) : IDisposable
{
    public string Owner { get; } = owner;

    public void Dispose() => release(this);
}
