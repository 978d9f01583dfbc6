using System.Text;

namespace OrleansLake.Parquet.Internal.Format;

/// <summary>Writes Thrift's compact protocol into a buffer.</summary>
internal sealed class ThriftWriter(OutputBuffer output)
{
    private readonly int[] _outerIds = new int[16];
    private int _depth;
    private int _lastId;

    public void BeginStruct()
    {
        _outerIds[_depth++] = _lastId;
        _lastId = 0;
    }

    public void EndStruct()
    {
        output.WriteByte(0);
        _lastId = _outerIds[--_depth];
    }

    public void BeginStruct(int id)
    {
        Field(id, ThriftType.Struct);
        BeginStruct();
    }

    public void EmptyStruct(int id)
    {
        BeginStruct(id);
        EndStruct();
    }

    public void Bool(int id, bool value) => Field(id, value ? ThriftType.True : ThriftType.False);

    public void I16(int id, short value)
    {
        Field(id, ThriftType.I16);
        I64(value);
    }

    public void I32(int id, int value)
    {
        Field(id, ThriftType.I32);
        I64(value);
    }

    public void I64(int id, long value)
    {
        Field(id, ThriftType.I64);
        I64(value);
    }

    public void I64(long value) => output.WriteVarint((ulong)(value << 1) ^ (ulong)(value >> 63));

    public void Binary(int id, ReadOnlySpan<byte> value)
    {
        Field(id, ThriftType.Binary);
        Binary(value);
    }

    public void Binary(ReadOnlySpan<byte> value)
    {
        output.WriteVarint((ulong)value.Length);
        output.Write(value);
    }

    public void String(int id, string value)
    {
        Field(id, ThriftType.Binary);
        String(value);
    }

    public void String(string value)
    {
        int bytes = Encoding.UTF8.GetByteCount(value);
        output.WriteVarint((ulong)bytes);
        Encoding.UTF8.GetBytes(value, output.Reserve(bytes));
        output.Advance(bytes);
    }

    public void List(int id, ThriftType element, int count)
    {
        Field(id, ThriftType.List);
        output.WriteByte((byte)(Math.Min(count, 15) << 4 | (int)element));
        if (count >= 15)
        {
            output.WriteVarint((ulong)count);
        }
    }

    /// <summary>Writes an element of a list of truth values.</summary>
    public void Bool(bool value) => output.WriteByte((byte)(value ? ThriftType.True : ThriftType.False));

    private void Field(int id, ThriftType type)
    {
        int delta = id - _lastId;
        if (delta is > 0 and <= 15)
        {
            output.WriteByte((byte)(delta << 4 | (int)type));
        }
        else
        {
            output.WriteByte((byte)type);
            I64(id);
        }

        _lastId = id;
    }
}
