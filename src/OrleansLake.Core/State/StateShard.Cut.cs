namespace OrleansLake.Core.State;

/// <content>The shard at one moment, while messages continue being applied to it.</content>
internal sealed partial class StateShard
{
    private ShardCut? _cut;

    /// <summary>Returns whether an entry was replaced since the last cut.</summary>
    public bool IsTouched(in FirstOccurrence entry) => (entry.OffsetBits & _touchedBit) != 0;

    /// <summary>Returns the shard as it is now; valid until the shard changes.</summary>
    public ShardCut Now() => new(this, Count, _marked, _touched);

    /// <summary>
    /// Cuts the shard as it is now, whatever is applied later. From now on nothing is changed. It takes the same time whatever the number
    /// of keys; until it is completed or undone, there is no other.
    /// </summary>
    public ShardCut Cut()
    {
        CountContributions();
        _cut = Now();
        _marked = Count;
        _touched = [];
        _touchedBit ^= FirstOccurrence.Touched;
        return _cut;
    }

    /// <summary>Takes the mark off some of the entries that were replaced before the cut: all of them, before it is completed.</summary>
    public void ClearMarks(int start, int end)
    {
        ulong before = _touchedBit ^ FirstOccurrence.Touched;
        for (int n = start; n < end; n++)
        {
            EntryAt(_cut!.Touched[n]).OffsetBits &= ~before;
        }
    }

    /// <summary>Completes the cut, which was exported and is safe.</summary>
    public void CompleteCut() => _cut = null;

    /// <summary>Undoes the cut: what was changed before it counts as changed still.</summary>
    public void UndoCut()
    {
        ShardCut cut = _cut!;
        _cut = null;
        foreach (int index in _touched)
        {
            if (index >= cut.Marked)
            {
                EntryAt(index).OffsetBits &= ~_touchedBit;
            }
        }

        _touched.RemoveAll(index => index >= cut.Marked);
        foreach (int index in cut.Touched)
        {
            ref FirstOccurrence entry = ref EntryAt(index);
            if ((entry.OffsetBits & _touchedBit) == 0)
            {
                _touched.Add(index);
            }

            entry.OffsetBits = (entry.OffsetBits & ~(ulong)FirstOccurrence.Touched) | _touchedBit;
        }

        _marked = cut.Marked;
    }
}
