using System.Numerics;
using System.Runtime.CompilerServices;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;

namespace OrleansLake.Core.State;

/// <summary>
/// The keys whose message id hashes to one shard: their first occurrences, and what these add to each report. A
/// shard is touched by one thread at a time and shares nothing with the others.
/// </summary>
/// <remarks>
/// An open-addressing table of 4-byte slots over entries that never move:
/// <code>slot = tag | (entry's index + 1), 0 is free; the index takes as many low bits as the table needs, the tag the rest</code>
/// At most 3/4 of the slots are taken, and the table grows by half: a key costs 48 bytes and 5.3 to 8 bytes of slots,
/// 13.3 while the table grows; a text has its bytes and a length of 4 bytes besides. Tables of any length have the
/// slot of a hash by multiplication, as its part of the whole range (Lemire, "Fast random integer generation in an
/// interval", 2019). Keys are looked up in groups: first all slots are asked from memory, then all entries, then they
/// are compared, so that the waits for memory overlap.
/// </remarks>
internal sealed partial class StateShard
{
    private const int GroupRows = 32;
    private const int ChunkBits = 11;    // 96 KiB: the collector does not move it, and little of it is idle
    private const int ChunkEntries = 1 << ChunkBits;
    private const int SlotsMin = 64;

    private readonly Pivot[] _pivots;
    private readonly DayCounts _days = new();
    private readonly TextArena _texts = new();
    private List<int> _touched = [];    // entries below _marked that were replaced since: they have _touchedBit
    private ulong _touchedBit = FirstOccurrence.TouchedEven;
    private readonly Contribution[] _contributions = new Contribution[2 * GroupRows];    // of the rows under way
    private int _contributionCount;
    private FirstOccurrence[][] _chunks = [];
    private uint[] _slots = new uint[SlotsMin];
    private uint _indexMask = SlotsMin - 1;    // the bits of a slot that hold the index
    private int _marked;

    public StateShard(IReadOnlyList<ReportDefinition> reports)
    {
        _pivots = [.. reports.Select(report => new Pivot(report))];
    }

    public int Count { get; private set; }

    public DayCounts Days => _days;

    /// <summary>Gets the number of keys that were added or replaced since they were marked as exported.</summary>
    public int ChangedCount => Count - _marked + _touched.Count;

    public long MemoryBytes
    {
        get
        {
            long bytes = _texts.MemoryBytes + _days.MemoryBytes + ((long)_slots.Length * sizeof(uint)) + ((long)_touched.Capacity * sizeof(int));
            foreach (FirstOccurrence[] chunk in _chunks)
            {
                bytes += (long)chunk.Length * FirstOccurrence.Bytes;
            }

            foreach (Pivot pivot in _pivots)
            {
                bytes += pivot.MemoryBytes;
            }

            return bytes;
        }
    }

    public Pivot Pivot(int report) => _pivots[report];

    public ReadOnlySpan<byte> Text(in FirstOccurrence entry) => entry.Kind == MessageIdKind.Text ? _texts[entry.IdLow] : [];

    public ref readonly FirstOccurrence this[int index] => ref EntryAt(index);

    /// <summary>Applies the rows of a batch that belong here.</summary>
    public void Apply(PreparedBatch batch, ReadOnlySpan<int> rows, ReadOnlySpan<ulong> idHashes)
    {
        var columns = new BatchRows(batch);
        Span<uint> eventBits = stackalloc uint[GroupRows];
        Span<uint> channelBits = stackalloc uint[GroupRows];
        Span<ulong> hashes = stackalloc ulong[GroupRows];
        Span<int> slots = stackalloc int[GroupRows];
        ReadOnlySpan<KeyDecision> decisions = batch.Decisions;
        for (int start = 0; start < rows.Length; start += GroupRows)
        {
            int length = Math.Min(GroupRows, rows.Length - start);
            Reserve(length);
            for (int i = 0; i < length; i++)
            {
                int row = rows[start + i];
                eventBits[i] = columns.EventBits(row);
                channelBits[i] = columns.ChannelBits(row);
                hashes[i] = FirstOccurrence.KeyHash(idHashes[start + i], eventBits[i], channelBits[i]);
                slots[i] = SlotOf(hashes[i], _slots.Length);
                Prefetch.Of(ref _slots[slots[i]]);
            }

            for (int i = 0; i < length; i++)
            {
                slots[i] = FindTag(hashes[i], slots[i]);
                if (_slots[slots[i]] is var taken and not 0)
                {
                    Prefetch.Of(ref EntryAt(IndexIn(taken)));
                }
            }

            for (int i = 0; i < length; i++)
            {
                int row = rows[start + i];
                KeyDecision decision = decisions.IsEmpty ? KeyDecision.InPlace : decisions[row];
                if (decision == KeyDecision.Loses)
                {
                    continue;
                }

                FirstOccurrence candidate = columns.Candidate(row, eventBits[i], channelBits[i]);
                Put(ref candidate, columns.Text(row), hashes[i], slots[i], onlyIfBefore: decision == KeyDecision.InPlace);
            }

            CountContributions();
        }
    }

    /// <summary>Finds a key's first occurrence; false if the key is not known.</summary>
    public bool TryFind(MessageIdKind kind, MessageIdBits id, ReadOnlySpan<byte> text, ulong idHash, int eventCode, int channelCode, out FirstOccurrence found)
    {
        uint eventBits = FirstOccurrence.EventBitsOf(kind, eventCode);
        uint channelBits = (uint)(channelCode + 1);
        ulong hash = FirstOccurrence.KeyHash(idHash, eventBits, channelBits);
        for (int slot = FindTag(hash, SlotOf(hash, _slots.Length)); _slots[slot] != 0; slot = FindTag(hash, Next(slot)))
        {
            ref FirstOccurrence entry = ref EntryAt(IndexIn(_slots[slot]));
            if (entry.EventBits == eventBits && entry.ChannelBits == channelBits && entry.IdHigh == id.High
                && (kind == MessageIdKind.Text ? _texts[entry.IdLow].SequenceEqual(text) : entry.IdLow == id.Low))
            {
                found = entry;
                return true;
            }
        }

        found = default;
        return false;
    }

    /// <summary>
    /// Imports what another state exported: it replaces what is known of its key. The reports have it once
    /// <see cref="MarkExported"/> was called.
    /// </summary>
    public void Import(FirstOccurrence entry, ReadOnlySpan<byte> text, ulong idHash)
    {
        Reserve(1);
        ulong hash = FirstOccurrence.KeyHash(idHash, entry.EventBits, entry.ChannelBits);
        Put(ref entry, text, hash, SlotOf(hash, _slots.Length), onlyIfBefore: false);
        if (_contributionCount > _contributions.Length - 2)
        {
            CountContributions();
        }
    }

    /// <summary>Prefetches where <see cref="Import"/> will look for a key.</summary>
    public void PrefetchSlot(in FirstOccurrence key, ulong idHash)
    {
        ulong hash = FirstOccurrence.KeyHash(idHash, key.EventBits, key.ChannelBits);
        Prefetch.Of(ref _slots[SlotOf(hash, _slots.Length)]);
    }

    /// <summary>Marks all as exported: from now on nothing counts as changed.</summary>
    public void MarkExported()
    {
        CountContributions();
        foreach (int index in _touched)
        {
            EntryAt(index).OffsetBits &= ~_touchedBit;
        }

        _touched.Clear();
        if (_touched.Capacity > Count / 32)
        {
            // Replacements came in a wave: their memory is not kept, it is at most an eighth of a byte a key then.
            _touched.Capacity = 0;
        }

        _marked = Count;
    }

    /// <summary>Adds or replaces a key's entry. <paramref name="slot"/> is where to start looking.</summary>
    private void Put(ref FirstOccurrence candidate, ReadOnlySpan<byte> text, ulong hash, int slot, bool onlyIfBefore)
    {
        while (true)
        {
            slot = FindTag(hash, slot);
            uint taken = _slots[slot];
            if (taken == 0)
            {
                Insert(ref candidate, text, hash, slot);
                return;
            }

            ref FirstOccurrence entry = ref EntryAt(IndexIn(taken));
            if (entry.EventBits == candidate.EventBits && entry.ChannelBits == candidate.ChannelBits && entry.IdHigh == candidate.IdHigh
                && (candidate.Kind == MessageIdKind.Text ? _texts[entry.IdLow].SequenceEqual(text) : entry.IdLow == candidate.IdLow))
            {
                if (!onlyIfBefore || candidate.IsBefore(entry))
                {
                    Replace(ref entry, candidate, IndexIn(taken));
                }

                return;
            }

            slot = Next(slot);
        }
    }

    private void Insert(ref FirstOccurrence candidate, ReadOnlySpan<byte> text, ulong hash, int slot)
    {
        if (candidate.Kind == MessageIdKind.Text)
        {
            candidate.IdLow = _texts.Add(text);
        }

        AddEntry() = candidate;
        _slots[slot] = ((uint)hash & ~_indexMask) | (uint)Count;
        Tally(candidate, 1);
    }

    private void Replace(ref FirstOccurrence entry, in FirstOccurrence candidate, int index)
    {
        // Of what reports count, the key fixes event type and channel; often the rest is the same too.
        const int NullFlags = FirstOccurrence.NullUser | FirstOccurrence.NullCountry;
        bool countsTheSame = entry.UserId == candidate.UserId && entry.CountryId == candidate.CountryId
            && ((entry.Flags ^ candidate.Flags) & NullFlags) == 0 && entry.Day == candidate.Day;
        if (!countsTheSame)
        {
            Tally(entry, -1);
        }

        ulong idLow = entry.IdLow;
        ulong touched = 0;
        if (index < _marked)
        {
            touched = _touchedBit;
            if ((entry.OffsetBits & touched) == 0)
            {
                _cut?.Keep(index, entry);
                _touched.Add(index);
            }
        }

        entry = candidate;
        entry.IdLow = idLow;
        entry.OffsetBits |= touched;

        if (!countsTheSame)
        {
            Tally(entry, 1);
        }
    }

    private void Tally(in FirstOccurrence entry, sbyte delta)
    {
        ref Contribution contribution = ref _contributions[_contributionCount++];
        contribution.Nulls = entry.Fields(out contribution.Fields);
        contribution.Delta = delta;
        _days.Add(entry.Day, delta, 0);
    }

    private void CountContributions()
    {
        ReadOnlySpan<Contribution> contributions = _contributions.AsSpan(0, _contributionCount);
        foreach (Pivot pivot in _pivots)
        {
            pivot.Add(contributions);
        }

        _contributionCount = 0;
    }

    /// <summary>Returns the first slot from one on that is free or has the hash's tag.</summary>
    private int FindTag(ulong hash, int slot)
    {
        uint[] slots = _slots;
        uint tagMask = ~_indexMask;
        uint tag = (uint)hash & tagMask;
        while (slots[slot] is var taken and not 0 && (taken & tagMask) != tag)
        {
            slot = slot + 1 == slots.Length ? 0 : slot + 1;
        }

        return slot;
    }

    private int Next(int slot) => slot + 1 == _slots.Length ? 0 : slot + 1;

    private int IndexIn(uint taken) => (int)(taken & _indexMask) - 1;

    /// <summary>Returns the slot at which to start looking for a hash: its high bits decide, the tag is of the low ones.</summary>
    private static int SlotOf(ulong hash, int slots) => (int)(((hash >> 32) * (uint)slots) >> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref FirstOccurrence EntryAt(int index) => ref _chunks[index >> ChunkBits][index & (ChunkEntries - 1)];

    /// <summary>Adds an entry, to be filled. The first chunk starts small and is copied while it grows; later ones never move.</summary>
    private ref FirstOccurrence AddEntry()
    {
        int chunk = Count >> ChunkBits;
        if (chunk == _chunks.Length)
        {
            Array.Resize(ref _chunks, chunk + 1);
            _chunks[chunk] = chunk == 0 ? new FirstOccurrence[16] : GC.AllocateUninitializedArray<FirstOccurrence>(ChunkEntries);
        }
        else if (Count == _chunks[chunk].Length)
        {
            Array.Resize(ref _chunks[chunk], Math.Min(ChunkEntries, Count + (Count / 2)));
        }

        return ref EntryAt(Count++);
    }

    /// <summary>Ensures capacity for this many keys more. A caller that knows that many will come asks once.</summary>
    public void Reserve(int entries)
    {
        long needed = SlotsFor(Count + (long)entries);
        if (needed > _slots.Length)
        {
            Resize(checked((int)Math.Max(needed, Math.Min(_slots.Length + (_slots.Length / 2L), Array.MaxLength))));
        }
    }

    // At most 3/4 are taken.
    private static long SlotsFor(long entries) => ((entries * 4) + 2) / 3;

    private void Resize(int length)
    {
        uint[] slots = new uint[length];
        uint indexMask = BitOperations.RoundUpToPowerOf2((uint)length) - 1;
        Span<ulong> hashes = stackalloc ulong[GroupRows];
        for (int start = 0; start < Count; start += GroupRows)
        {
            int group = Math.Min(GroupRows, Count - start);
            for (int i = 0; i < group; i++)
            {
                ref FirstOccurrence entry = ref EntryAt(start + i);
                hashes[i] = FirstOccurrence.KeyHash(entry.IdHash(), entry.EventBits, entry.ChannelBits);
                Prefetch.Of(ref slots[SlotOf(hashes[i], length)]);
            }

            for (int i = 0; i < group; i++)
            {
                int slot = SlotOf(hashes[i], length);
                while (slots[slot] != 0)
                {
                    slot = slot + 1 == length ? 0 : slot + 1;
                }

                slots[slot] = ((uint)hashes[i] & ~indexMask) | (uint)(start + i + 1);
            }
        }

        _slots = slots;
        _indexMask = indexMask;
    }
}
