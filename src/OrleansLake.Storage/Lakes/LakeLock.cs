using System.Globalization;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Lakes;

/// <summary>
/// The one lock of a lake: one process at a time writes to it, and no silo does (see <see cref="SiloClaim"/>). The system
/// releases it however the process ends.
/// </summary>
internal sealed class LakeLock : IDisposable
{
    private readonly IDisposable _lock;

    private LakeLock(IDisposable taken) => _lock = taken;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="LakeInUseException">Another process has it, or silos run the lake.</exception>
    public static LakeLock Take(ILakeStore store, int processId)
    {
        string owner = processId.ToString(CultureInfo.InvariantCulture);
        IDisposable? taken = store.TryLock(LakePaths.Lock, owner);
        if (taken is null)
        {
            throw InUse(store);
        }

        try
        {
            return InUse(store, SiloClaim.Find(store)) is { } inUse ? throw inUse : new LakeLock(taken);
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Returns the owner of the lock; null if there is none. Takes nothing and writes nothing.</summary>
    public static LakeInUseException? Look(ILakeStore store)
    {
        return store.IsLocked(LakePaths.Lock) ? InUse(store) : InUse(store, SiloClaim.Look(store));
    }

    /// <summary>Returns the exception that the lock is taken, and by whom as far as that is known.</summary>
    internal static LakeInUseException InUse(ILakeStore store)
    {
        bool known = int.TryParse(
            store.ReadLockOwner(LakePaths.Lock), NumberStyles.None, CultureInfo.InvariantCulture, out int id);
        return new LakeInUseException(store.Location, known ? id : null);
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _lock.Dispose();

    private static LakeInUseException? InUse(ILakeStore store, IReadOnlyList<SiloOwner> silos) => silos.Count == 0 ? null
        : new LakeInUseException($"the lake {store.Location} is in use by {silos[0]}{More(silos.Count - 1)}; stop the silos first, or send to them and ask them") { IsOfSilos = true };

    private static string More(int silos) => silos switch
    {
        0 => "",
        1 => ", and by another silo",
        _ => string.Create(CultureInfo.InvariantCulture, $", and by {silos} other silos"),
    };
}
