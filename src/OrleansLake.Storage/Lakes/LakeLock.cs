using System.Globalization;

namespace OrleansLake.Storage;

/// <summary>
/// The one lock of a lake: one process at a time writes to it. The system releases it however the process ends.
/// </summary>
public sealed class LakeLock : IDisposable
{
    private readonly IDisposable _lock;

    private LakeLock(IDisposable taken) => _lock = taken;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="LakeInUseException">Another process has it.</exception>
    public static LakeLock Take(ILakeStore store, int processId)
    {
        ArgumentNullException.ThrowIfNull(store);
        string owner = processId.ToString(CultureInfo.InvariantCulture);
        IDisposable? taken = store.TryLock(LakePaths.Lock, owner);
        if (taken is not null)
        {
            return new LakeLock(taken);
        }

        bool known = int.TryParse(
            store.ReadLockOwner(LakePaths.Lock), NumberStyles.None, CultureInfo.InvariantCulture, out int id);
        throw new LakeInUseException(store.Location, known ? id : null);
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose() => _lock.Dispose();
}
