using OrleansLake.Parquet;

namespace OrleansLake.Engine.Reading;

/// <summary>The values of a leaf within lists, maps and structs, one behind the other. One thread at a time.</summary>
internal sealed class NestedLeaf
{
    private readonly int[]? _firsts;
    private int _end;

    /// <param name="values">The values.</param>
    internal NestedLeaf(StoredValues values)
    {
        Values = values;
        if (values.Repetitions.IsEmpty)
        {
            return;
        }

        var firsts = new List<int>();
        for (int i = 0; i < values.Repetitions.Length; i++)
        {
            if (values.Repetitions[i] == 0)
            {
                firsts.Add(i);
            }
        }

        _firsts = [.. firsts, values.Count];
    }

    /// <summary>Gets the values.</summary>
    internal StoredValues Values { get; }

    /// <summary>Gets the index of the next one.</summary>
    internal int At { get; private set; }

    /// <summary>Gets how far there is a next value.</summary>
    internal int Level => At < _end ? Values.LevelOf(At) : throw new ParquetException(ParquetErrorKind.CorruptData, $"Column '{Values.Column.Name}': its lists have fewer values than those beside it.");

    /// <summary>Gets at which level the next value is one more; -1 if there is none.</summary>
    internal int Repetition => At < _end && _firsts is not null ? Values.Repetitions[At] : -1;

    /// <summary>Goes to the first value of a row.</summary>
    internal void MoveTo(int row) => (At, _end) = _firsts is null ? (row, row + 1) : (_firsts[row], _firsts[row + 1]);

    /// <summary>Goes on to the next value.</summary>
    internal void MoveOn() => At++;
}
