namespace OrleansLake.Core.Messages;

/// <summary>
/// Distinct UTF-8 names, each with a code: 0 for the first name added, then 1, and so on. Made for sets that are
/// small and open (event types, channels), right for large ones too.
/// </summary>
public sealed class NameTable
{
    private readonly TextColumn _names;
    private int[] _slots = new int[16];      // code + 1; 0 is free
    private uint[] _hashes = new uint[8];    // by code

    /// <summary>Initializes an empty table.</summary>
    public NameTable() => _names = new TextColumn();

    private NameTable(NameTable from)
    {
        _names = new TextColumn();
        _names.Reserve(from.Count);
        _names.AppendRange(from._names.Bytes.Span, from._names.Offsets.Span);
        _slots = [.. from._slots];
        _hashes = [.. from._hashes];
    }

    /// <summary>Gets the number of names.</summary>
    public int Count => _names.Count;

    /// <summary>Gets a name by its code. Valid until the next name is added.</summary>
    public ReadOnlySpan<byte> this[int code] => _names[code];

    /// <summary>Gets the names in the order of their codes.</summary>
    public TextColumn Names => _names;

    /// <summary>Returns the code of a name, which is added if it is new.</summary>
    public int GetOrAdd(ReadOnlySpan<byte> name)
    {
        uint hash = (uint)StableHash.OfText(name);
        int slot = Find(name, hash);
        if (_slots[slot] != 0)
        {
            return _slots[slot] - 1;
        }

        int code = _names.Count;
        _names.Append(name);
        if (code == _hashes.Length)
        {
            Array.Resize(ref _hashes, _hashes.Length * 2);
        }

        _hashes[code] = hash;
        _slots[slot] = code + 1;
        if (2 * Count > _slots.Length)
        {
            Rehash();
        }

        return code;
    }

    /// <summary>Returns the code of a name, or -1 if it is not there.</summary>
    public int Find(ReadOnlySpan<byte> name) => _slots[Find(name, (uint)StableHash.OfText(name))] - 1;

    /// <summary>Returns a table with the same names.</summary>
    public NameTable Copy() => new(this);

    private int Find(ReadOnlySpan<byte> name, uint hash)
    {
        int mask = _slots.Length - 1;
        int slot = (int)hash & mask;
        while (_slots[slot] != 0)
        {
            int code = _slots[slot] - 1;
            if (_hashes[code] == hash && _names[code].SequenceEqual(name))
            {
                break;
            }

            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Rehash()
    {
        _slots = new int[_slots.Length * 2];
        int mask = _slots.Length - 1;
        for (int code = 0; code < Count; code++)
        {
            int slot = (int)_hashes[code] & mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = code + 1;
        }
    }
}
