using OrleansLake.Core.Messages;

namespace OrleansLake.Core.State;

/// <summary>From a batch's codes to the state's. Only names that occur in rows are asked for, so none is added else.</summary>
internal sealed class NameMapping
{
    /// <summary>Not asked for yet.</summary>
    public const int Unknown = int.MinValue;

    /// <summary>The name of an event type that makes a message corrupted.</summary>
    public const int Corrupted = -2;

    private int[] _codes = [];

    /// <summary>Gets the state's code by the batch's code + 1; -1 for a null, that is <see cref="NameColumn.NullCode"/>.</summary>
    public Span<int> Codes => _codes;

    public void Reset(NameColumn column)
    {
        int length = column.Names.Count + 1;
        if (_codes.Length < length)
        {
            _codes = new int[Math.Max(length, _codes.Length * 2)];
        }

        _codes.AsSpan(0, length).Fill(Unknown);
    }
}
