using OrleansLake.Core.Reports;

namespace OrleansLake.Core.State;

/// <summary>Two counts a day, for as many days as there are.</summary>
internal sealed class DayCounts
{
    private readonly TupleIndex _days = new(1);
    private long[] _first = new long[16];
    private long[] _second = new long[16];
    private int _lastDay;
    private int _lastIndex = -1;

    public int Count => _days.Count;

    public long MemoryBytes => _days.MemoryBytes + ((long)_first.Length * 2 * sizeof(long));

    public (int Day, long First, long Second) this[int index] => (_days[index][0], _first[index], _second[index]);

    /// <summary>All days as they are now.</summary>
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
        int index = _lastIndex;
        if (day != _lastDay || index < 0)
        {
            index = _days.GetOrAdd([day], 0);
            if (index >= _first.Length)
            {
                Array.Resize(ref _first, _first.Length * 2);
                Array.Resize(ref _second, _second.Length * 2);
            }

            _lastDay = day;
            _lastIndex = index;
        }

        _first[index] += first;
        _second[index] += second;
    }
}
