using OrleansLake.Core.Reports;

namespace OrleansLake.Core.State;

/// <summary>Two counts a day, for as many days as there are.</summary>
internal sealed class DayCounts
{
    private const int RecentDays = 64;

    private readonly TupleIndex _days = new(1);
    private long[] _first = new long[16];
    private long[] _second = new long[16];
    private readonly int[] _recentDays = new int[RecentDays];
    private readonly int[] _recentIndexes = new int[RecentDays];    // + 1; 0 is none

    public int Count => _days.Count;

    public long MemoryBytes => _days.MemoryBytes + ((long)_first.Length * 2 * sizeof(long)) + (2L * RecentDays * sizeof(int));

    public (int Day, long First, long Second) this[int index] => (_days[index][0], _first[index], _second[index]);

    /// <summary>Returns all days as they are now.</summary>
    public (int Day, long First, long Second)[] ToArray()
    {
        var days = new (int Day, long First, long Second)[Count];
        for (int i = 0; i < days.Length; i++)
        {
            days[i] = this[i];
        }

        return days;
    }

    /// <summary>Adds to the day's counts.</summary>
    public void Add(int day, long first, long second)
    {
        // Messages of a few dozen days come in any order: where a day was found last time is looked up first.
        int recent = day & (RecentDays - 1);
        if (_recentDays[recent] != day || _recentIndexes[recent] == 0)
        {
            _recentIndexes[recent] = IndexOf(day) + 1;
            _recentDays[recent] = day;
        }

        int index = _recentIndexes[recent] - 1;
        _first[index] += first;
        _second[index] += second;
    }

    /// <summary>Adds all days of others.</summary>
    public void Add(DayCounts others)
    {
        for (int i = 0; i < others.Count; i++)
        {
            (int day, long first, long second) = others[i];
            Add(day, first, second);
        }
    }

    /// <summary>Forgets all days.</summary>
    public void Clear()
    {
        Array.Clear(_first, 0, Count);
        Array.Clear(_second, 0, Count);
        Array.Clear(_recentIndexes);
        _days.Clear();
    }

    private int IndexOf(int day)
    {
        int index = _days.GetOrAdd([day], 0);
        if (index >= _first.Length)
        {
            Array.Resize(ref _first, _first.Length * 2);
            Array.Resize(ref _second, _second.Length * 2);
        }

        return index;
    }
}
