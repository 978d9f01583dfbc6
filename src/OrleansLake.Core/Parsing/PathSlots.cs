using OrleansLake.Core.Mapping;

namespace OrleansLake.Core.Parsing;

/// <summary>The values that a record holds at the ends of a mapping's paths, by their numbers, and which of them fields took. One thread at a time.</summary>
/// <param name="mapping">The mapping.</param>
internal sealed class PathSlots(MessageMapping mapping)
{
    private readonly PathSlot[] _slots = new PathSlot[mapping.Slots];
    private readonly bool[] _isTaken = new bool[mapping.Slots];
    private bool _isSet;
    private int _untaken;

    /// <summary>Gets a value.</summary>
    public PathSlot this[int slot] => _slots[slot];

    /// <summary>Gets a value indicating whether a field did not take a value: most records have none, and need no look at each place.</summary>
    public bool HasUntaken => _untaken > 0;

    /// <summary>Forgets the record before.</summary>
    public void Clear()
    {
        if (_isSet)
        {
            _slots.AsSpan().Clear();
            _isTaken.AsSpan().Clear();
            _untaken = 0;
            _isSet = false;
        }
    }

    /// <summary>Sets a value; false if it had been set.</summary>
    public bool TrySet(int slot, PathSlot value)
    {
        bool isFirst = _slots[slot].Kind == ValueKind.Absent;
        _slots[slot] = value;
        _isSet = true;
        _untaken += isFirst && value.Kind > ValueKind.Null ? 1 : 0;
        return isFirst;
    }

    /// <summary>Returns whether an empty text counts as missing: it is not a number, a time or an id.</summary>
    public static bool SkipsEmpty(InputField field) => field is not (InputField.Value or InputField.EventType or InputField.Channel);

    /// <summary>Returns whether a value is none.</summary>
    public static bool IsNothing(PathSlot value, bool skipsEmpty) => value.Kind <= ValueKind.Null || (skipsEmpty && value is { Kind: ValueKind.Text, Text.Length: 0 });

    /// <summary>Returns the number of a path's value: where it leads, or else what has its whole text as its name.</summary>
    public int Of(int path, bool skipsEmpty) =>
        IsNothing(_slots[path], skipsEmpty) && mapping.Alternates[path] is >= 0 and var other && _slots[other].Kind != ValueKind.Absent ? other : path;

    /// <summary>Notes that a field took a value.</summary>
    public void Take(int slot)
    {
        _untaken -= _isTaken[slot] ? 0 : 1;
        _isTaken[slot] = true;
    }

    /// <summary>Returns whether a place of the record has a value that none of its fields took: each took the value of another place.</summary>
    public bool IsUntaken(PathNode place)
    {
        bool hasValue = false;
        foreach (int slot in place.Slots)
        {
            if (_isTaken[slot])
            {
                return false;
            }

            hasValue |= !IsNothing(_slots[slot], SkipsEmpty((InputField)mapping.FieldsOfSlots[slot]));
        }

        return hasValue;
    }
}
