using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Lakes;

/// <summary>
/// The claim that a silo holds while it may run partitions of a lake: a lock of its own, which says who it is. The system releases it
/// however the process ends. Silos of one cluster hold theirs side by side; a process that owns the lake alone
/// (<see cref="LakeLock"/>) and silos of another cluster find them, and stay away.
/// </summary>
/// <remarks>
/// Each takes its own lock before it looks for others', so that of two that start at the same time at least one sees the
/// other. It keeps owners from fighting over the partitions; what keeps a lake whole if they do are epochs and manifests.
/// </remarks>
internal sealed class SiloClaim : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    // A silo of the same cluster that makes the lake, or completes its repartitioning, has the lock of processes meanwhile.
    private static readonly TimeSpan MakingMax = TimeSpan.FromMinutes(2);

    // Longer than a claim takes to be locked after its file was made.
    private static readonly TimeSpan SweptAfter = TimeSpan.FromMinutes(10);

    private readonly ILakeStore _store;
    private readonly string _path;
    private readonly IDisposable _taken;

    private SiloClaim(ILakeStore store, string path, IDisposable taken)
    {
        _store = store;
        _path = path;
        _taken = taken;
    }

    /// <summary>Claims the lake for a silo.</summary>
    /// <param name="store">The lake's location.</param>
    /// <param name="silo">The silo.</param>
    /// <param name="patience">How long a process that owns the lake is waited for: a command may be about to end.</param>
    /// <exception cref="LakeInUseException">A process or another cluster runs the lake: the message says who.</exception>
    public static SiloClaim Take(ILakeStore store, SiloOwner silo, TimeSpan patience)
    {
        SiloClaim claim = Lock(store, silo);
        try
        {
            Check(store, silo, patience, claim._path);
            return claim;
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    /// <summary>Returns whether a silo could claim the lake. Takes nothing and writes nothing.</summary>
    /// <exception cref="LakeInUseException">A process or another cluster runs the lake: the message says who.</exception>
    public static void Check(ILakeStore store, SiloOwner silo, TimeSpan patience) => Check(store, silo, patience, own: null);

    /// <summary>Returns the silos that run a lake. Clears away what crashed silos left.</summary>
    public static IReadOnlyList<SiloOwner> Find(ILakeStore store) => Find(store, own: null);

    /// <summary>Returns the silos that run a lake. Writes nothing.</summary>
    internal static IReadOnlyList<SiloOwner> Look(ILakeStore store) => Find(store, own: null, clears: false);

    /// <summary>
    /// Returns the silos that hold a claim here, and those that did and crashed, as far as they were not cleared away. A
    /// silo that runs is among them if this is its lake, also where a file system has no locks.
    /// </summary>
    public static IReadOnlyList<SiloOwner> Named(ILakeStore store)
    {
        return [.. from file in store.List(LakePaths.SiloClaims, recursive: false)
                   where LakePaths.IsSiloClaim(file.Path)
                   select SiloOwner.Parse(store.ReadLockOwner(file.Path)) into silo
                   where silo is not null
                   select silo];
    }

    /// <summary>Releases the claim.</summary>
    public void Dispose()
    {
        _taken.Dispose();
        Clear(_store, _path);
    }

    private static void Check(ILakeStore store, SiloOwner silo, TimeSpan patience, string? own)
    {
        IReadOnlyList<SiloOwner> silos = Find(store, own);
        if (silos.FirstOrDefault(other => !other.IsOfSameCluster(silo)) is { } other)
        {
            throw new LakeInUseException(
                $"the lake {store.Location} is in use by {other}; this silo would be of {silo.ClusterText}. Stop the other cluster's silos, or start this one as one of them.");
        }

        long started = Environment.TickCount64;
        while (store.IsLocked(LakePaths.Lock))
        {
            LakeInUseException inUse = LakeLock.InUse(store);
            TimeSpan wait = silos.Any(one => one.ProcessId == inUse.ProcessId) ? MakingMax : patience;
            if (Environment.TickCount64 - started >= wait.TotalMilliseconds)
            {
                throw inUse;
            }

            Thread.Sleep(PollInterval);
        }
    }

    private static SiloClaim Lock(ILakeStore store, SiloOwner silo)
    {
        while (true)
        {
            string path = LakePaths.SiloClaim(Guid.NewGuid());
            if (store.TryLock(path, silo.ToJson()) is not { } taken)
            {
                // Somebody looked at it in the moment between its making and its locking.
                continue;
            }

            if (store.Find(path) is not null)
            {
                return new SiloClaim(store, path, taken);
            }

            taken.Dispose();
        }
    }

    private static List<SiloOwner> Find(ILakeStore store, string? own, bool clears = true)
    {
        var silos = new List<SiloOwner>();
        foreach (FileEntry file in store.List(LakePaths.SiloClaims, recursive: false))
        {
            if (!LakePaths.IsSiloClaim(file.Path) || file.Path == own)
            {
                continue;
            }

            if (store.IsLocked(file.Path))
            {
                silos.Add(Read(store, file.Path));
            }
            else if (clears && DateTime.UtcNow.Ticks - file.ModifiedUtcTicks > SweptAfter.Ticks)
            {
                Clear(store, file.Path);
            }
        }

        return silos;
    }

    // It says who it is in the moment after it is locked.
    private static SiloOwner Read(ILakeStore store, string path)
    {
        for (int tries = 0; tries < 10; tries++)
        {
            if (SiloOwner.Parse(store.ReadLockOwner(path)) is { } silo)
            {
                return silo;
            }

            Thread.Sleep(PollInterval);
        }

        return SiloOwner.Unknown;
    }

    private static void Clear(ILakeStore store, string path)
    {
        try
        {
            store.Delete(path);
            store.Delete(LakePaths.OwnerOf(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is locked by nobody, so it keeps nobody away.
        }
    }
}
