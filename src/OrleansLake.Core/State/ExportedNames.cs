using System.Buffers;
using System.Buffers.Binary;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.State;

/// <summary>The names of one field that occur in an export, in the order of their first entry: codes become places in that list.</summary>
internal sealed class ExportedNames
{
    private const int NamesAtOnce = 1024;

    private readonly NameTable _table;
    private readonly uint[] _places;    // place + 1 by code + 1; 0 is a null, or not there
    private readonly List<int> _codes = [];

    /// <param name="table">The state's names; later ones may be added.</param>
    /// <param name="count">Their number at the moment of the export.</param>
    public ExportedNames(NameTable table, int count)
    {
        _table = table;
        _places = new uint[count + 1];
    }

    /// <summary>Gets a place + 1 by a code + 1; 0 by 0, which stands for a null.</summary>
    public uint this[uint code] => _places[code];

    /// <summary>Notes that a name occurs, by its code + 1; 0 is a null.</summary>
    public void Note(uint code)
    {
        if (code != 0 && _places[code] == 0)
        {
            _codes.Add((int)code - 1);
            _places[code] = (uint)_codes.Count;
        }
    }

    /// <summary>Writes the list.</summary>
    /// <param name="destination">Gets the bytes.</param>
    /// <param name="exclusively">Runs a step that reads names.</param>
    public void Write(IBufferWriter<byte> destination, Action<Action> exclusively)
    {
        var names = new ArrayBufferWriter<byte>();
        WriteUInt32(names, (uint)_codes.Count);
        for (int start = 0; start < _codes.Count; start += NamesAtOnce)
        {
            (int from, int end) = (start, Math.Min(_codes.Count, start + NamesAtOnce));
            exclusively(() =>
            {
                for (int i = from; i < end; i++)
                {
                    ReadOnlySpan<byte> name = _table[_codes[i]];
                    WriteUInt32(names, (uint)name.Length);
                    names.Write(name);
                }
            });
        }

        destination.Write(names.WrittenSpan);
    }

    private static void WriteUInt32(ArrayBufferWriter<byte> destination, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination.GetSpan(sizeof(uint)), value);
        destination.Advance(sizeof(uint));
    }
}
