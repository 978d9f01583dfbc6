namespace OrleansLake.Core.Time;

/// <summary>Collects a zone's transitions in ascending order; those that change nothing are left out.</summary>
internal sealed class ZoneIntervals(int firstOffset)
{
    private readonly List<long> _starts = [];
    private readonly List<int> _offsets = [firstOffset];

    public int LastOffset => _offsets[^1];

    /// <summary>Adds an offset that holds from the UTC second <paramref name="start"/> on.</summary>
    public void Add(long start, int offset)
    {
        if (offset != LastOffset)
        {
            _starts.Add(start);
            _offsets.Add(offset);
        }
    }

    public LakeTimeZone ToZone(string id) => new(id, [.. _starts], [.. _offsets]);
}
