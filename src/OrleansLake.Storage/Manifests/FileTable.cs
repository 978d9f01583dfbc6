using System.Collections.Immutable;
using System.Globalization;
using OrleansLake.Core.State;
using OrleansLake.Storage.Snapshots;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Manifests;

/// <summary>
/// A manifest's files and dates as a base list and changes. The base list is rewritten when the changes outgrow
/// the root of its size, so that what a commit writes stays near the root of the number of files.
/// </summary>
internal sealed class FileTable
{
    private readonly BaseList _base;
    private readonly HashSet<string> _basePaths;
    private readonly Dictionary<int, LedgerCounts> _baseDays;

    private FileTable(StateFile? baseFile, BaseList baseList, ImmutableDictionary<string, DataFile> files, Ledger ledger)
    {
        BaseFile = baseFile;
        _base = baseList;
        Files = files;
        Ledger = ledger;
        _basePaths = new HashSet<string>(baseList.Files.Count, StringComparer.Ordinal);
        foreach (DataFile file in baseList.Files)
        {
            _basePaths.Add(file.Path);
        }

        _baseDays = DaysOf(baseList.Days);
    }

    private FileTable(FileTable before, ImmutableDictionary<string, DataFile> files, Ledger ledger)
    {
        BaseFile = before.BaseFile;
        _base = before._base;
        _basePaths = before._basePaths;
        _baseDays = before._baseDays;
        Files = files;
        Ledger = ledger;
    }

    public static FileTable Empty { get; } = new(
        null, BaseList.Empty, ImmutableDictionary.Create<string, DataFile>(StringComparer.Ordinal), Ledger.Empty);

    public StateFile? BaseFile { get; }

    public ImmutableDictionary<string, DataFile> Files { get; }

    public Ledger Ledger { get; }

    public IReadOnlyList<DataFile> Added { get; private init; } = [];

    public IReadOnlyList<string> Removed { get; private init; } = [];

    public static FileTable Of(ILakeStore store, Manifest manifest)
    {
        BaseList list = ManifestFiles.ReadBaseList(store, manifest);
        ImmutableDictionary<string, DataFile>.Builder files =
            ImmutableDictionary.CreateBuilder<string, DataFile>(StringComparer.Ordinal);
        foreach (DataFile file in list.Files)
        {
            files[file.Path] = file;
        }

        files.RemoveRange(manifest.Removed);
        foreach (DataFile file in manifest.Added)
        {
            files[file.Path] = file;
        }

        Dictionary<int, LedgerCounts> days = DaysOf(list.Days);
        foreach ((int day, LedgerCounts counts) in DaysOf(manifest.Days))
        {
            days[day] = counts;
        }

        foreach ((int day, LedgerCounts counts) in days)
        {
            if (counts == default)
            {
                days.Remove(day);
            }
        }

        return new FileTable(manifest.BaseList, list, files.ToImmutable(), new Ledger(manifest.Total, days))
        {
            Added = manifest.Added,
            Removed = manifest.Removed,
        };
    }

    /// <summary>Returns the table after a commit; the base list stays.</summary>
    public FileTable With(IReadOnlyCollection<DataFile> add, IReadOnlyCollection<string> remove, Ledger ledger)
    {
        var removedNow = new HashSet<string>(remove, StringComparer.Ordinal);
        var added = new List<DataFile>(Added.Count + add.Count);
        foreach (DataFile file in Added)
        {
            if (!removedNow.Contains(file.Path))
            {
                added.Add(file);
            }
        }

        var removed = new List<string>(Removed);
        foreach (string path in removedNow)
        {
            if (!Files.ContainsKey(path))
            {
                throw new ArgumentException($"{path} is not a file of the lake", nameof(remove));
            }

            if (_basePaths.Contains(path))
            {
                removed.Add(path);
            }
        }

        removed.Sort(StringComparer.Ordinal);
        ImmutableDictionary<string, DataFile>.Builder files = Files.ToBuilder();
        files.RemoveRange(removedNow);
        foreach (DataFile file in add)
        {
            if (!files.TryAdd(file.Path, file))
            {
                throw new ArgumentException($"{file.Path} is a file of the lake already", nameof(add));
            }

            added.Add(file);
        }

        return new FileTable(this, files.ToImmutable(), ledger) { Added = added, Removed = removed };
    }

    /// <summary>Returns whether the changes have outgrown the base list.</summary>
    public bool NeedsBaseList(int changesMin) =>
        Added.Count + Removed.Count > Math.Max(changesMin, 11 * Math.Sqrt(_base.Files.Count));

    /// <summary>Returns all of the table as a new base list.</summary>
    public BaseList ToBaseList()
    {
        DataFile[] files = [.. Files.Values];
        Array.Sort(files, static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        return new BaseList(Manifest.FirstFormatVersion, files, DaysFrom(Ledger.ByDate));
    }

    /// <summary>Returns the same table upon another base list, which holds all of it.</summary>
    public FileTable Rebase(StateFile file, BaseList list) => new(file, list, Files, Ledger);

    /// <summary>Returns the dates whose counts differ from the base list.</summary>
    public IReadOnlyList<LedgerDay> ChangedDays()
    {
        var changed = new Dictionary<int, LedgerCounts>();
        foreach ((int day, LedgerCounts counts) in Ledger.ByDate)
        {
            if (!_baseDays.TryGetValue(day, out LedgerCounts before) || before != counts)
            {
                changed[day] = counts;
            }
        }

        foreach (int day in _baseDays.Keys)
        {
            if (!Ledger.ByDate.ContainsKey(day))
            {
                changed[day] = default;
            }
        }

        return DaysFrom(changed);
    }

    private static LedgerDay[] DaysFrom(IReadOnlyDictionary<int, LedgerCounts> days)
    {
        int[] keys = [.. days.Keys];
        Array.Sort(keys);
        return Array.ConvertAll(keys, day => new LedgerDay(
            day == Ledger.NoDay ? null : DateOf(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), days[day]));
    }

    private static Dictionary<int, LedgerCounts> DaysOf(IReadOnlyList<LedgerDay> days)
    {
        var counts = new Dictionary<int, LedgerCounts>(days.Count);
        foreach (LedgerDay day in days)
        {
            counts[day.Date is null ? Ledger.NoDay : DayOf(day.Date)] = day.Counts;
        }

        return counts;
    }

    private static DateOnly DateOf(int day) => DateOnly.FromDayNumber(day + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber);

    private static int DayOf(string date) =>
        DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber
            : throw Damage.At(LakePaths.Checkpoint, -1, $"a manifest counts rows of the date {date}", Damage.RestoreLake);
}
