using System.Text;

namespace OrleansLake.Parquet.Internal.Format;

/// <summary>
/// Reads Thrift's compact protocol. Every length and count is checked against what is left of the input before it is
/// used, so hostile bytes fail instead of allocating.
/// </summary>
internal ref struct ThriftReader(ReadOnlySpan<byte> data)
{
    private const int DepthMax = 32;

    private readonly ReadOnlySpan<byte> _data = data;

    public int Position { get; private set; }

    private readonly int Left => _data.Length - Position;

    /// <summary>Reads the head of a struct's next field; <paramref name="id"/> is the previous one's, 0 at first.</summary>
    public ThriftType ReadField(ref int id)
    {
        byte head = ReadByte();
        if (head == 0)
        {
            return ThriftType.Stop;
        }

        int delta = head >> 4;
        id = delta != 0 ? id + delta : (short)ReadI32();
        return (head & 15) <= (int)ThriftType.Struct
            ? (ThriftType)(head & 15)
            : throw ParquetException.Corrupt("The metadata has a field of an unknown type.");
    }

    /// <summary>Reads the head of a list and returns its length, which fits what is left of the input.</summary>
    public int ReadList(ThriftType type, ThriftType element)
    {
        Expect(type, ThriftType.List);
        int count = ReadListHead(out ThriftType actual);
        if (count != 0 && actual != element && !(element == ThriftType.True && actual == ThriftType.False))
        {
            throw ParquetException.Corrupt("The metadata has a list of a wrong type.");
        }

        return count;
    }

    public int ReadI32(ThriftType type)
    {
        Expect(type, ThriftType.I32);
        return ReadI32();
    }

    public int ReadI32()
    {
        long value = ReadI64();
        return value == (int)value ? (int)value : throw ParquetException.Corrupt("The metadata has a number out of range.");
    }

    public long ReadI64(ThriftType type)
    {
        Expect(type, ThriftType.I64);
        return ReadI64();
    }

    public long ReadI64()
    {
        ulong raw = ReadVarint();
        return (long)(raw >> 1) ^ -(long)(raw & 1);
    }

    public static bool ReadBool(ThriftType type) => type switch
    {
        ThriftType.True => true,
        ThriftType.False => false,
        _ => throw ParquetException.Corrupt("The metadata has a field of a wrong type."),
    };

    public byte ReadByte() => Left > 0
        ? _data[Position++]
        : throw ParquetException.Corrupt("The metadata ends too early.");

    public ReadOnlySpan<byte> ReadBinary(ThriftType type)
    {
        Expect(type, ThriftType.Binary);
        return ReadBinary();
    }

    public ReadOnlySpan<byte> ReadBinary()
    {
        ulong length = ReadVarint();
        if (length > (ulong)Left)
        {
            throw ParquetException.Corrupt("The metadata ends too early.");
        }

        ReadOnlySpan<byte> value = _data.Slice(Position, (int)length);
        Position += (int)length;
        return value;
    }

    public string ReadString(ThriftType type) => Encoding.UTF8.GetString(ReadBinary(type));

    public static void Expect(ThriftType actual, ThriftType expected)
    {
        if (actual != expected)
        {
            throw ParquetException.Corrupt("The metadata has a field of a wrong type.");
        }
    }

    public void Skip(ThriftType type, int depth = 0)
    {
        if (depth > DepthMax)
        {
            throw ParquetException.Corrupt("The metadata is nested too deeply.");
        }

        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                break;
            case ThriftType.I8:
                ReadByte();
                break;
            case ThriftType.I16 or ThriftType.I32 or ThriftType.I64:
                ReadVarint();
                break;
            case ThriftType.Double:
                for (int i = 0; i < 8; i++)
                {
                    ReadByte();
                }

                break;
            case ThriftType.Binary:
                ReadBinary();
                break;
            case ThriftType.List or ThriftType.Set:
                SkipList(depth);
                break;
            case ThriftType.Map:
                SkipMap(depth);
                break;
            case ThriftType.Struct:
                int id = 0;
                for (ThriftType field = ReadField(ref id); field != ThriftType.Stop; field = ReadField(ref id))
                {
                    Skip(field, depth + 1);
                }

                break;
            default:
                throw ParquetException.Corrupt("The metadata has a field of an unknown type.");
        }
    }

    private void SkipList(int depth)
    {
        int count = ReadListHead(out ThriftType element);
        for (int i = 0; i < count; i++)
        {
            SkipElement(element, depth);
        }
    }

    private void SkipMap(int depth)
    {
        ulong count = ReadVarint();
        if (count == 0)
        {
            return;
        }

        int types = ReadByte();
        if (count > (ulong)Left)
        {
            throw ParquetException.Corrupt("The metadata ends too early.");
        }

        for (ulong i = 0; i < count; i++)
        {
            SkipElement((ThriftType)(types >> 4), depth);
            SkipElement((ThriftType)(types & 15), depth);
        }
    }

    // A truth value takes no byte of its own in a field, and one in a list or map.
    private void SkipElement(ThriftType type, int depth)
    {
        if (type is ThriftType.True or ThriftType.False)
        {
            ReadByte();
        }
        else
        {
            Skip(type, depth + 1);
        }
    }

    private int ReadListHead(out ThriftType element)
    {
        byte head = ReadByte();
        element = (ThriftType)(head & 15);
        ulong count = (ulong)(head >> 4);
        if (count == 15)
        {
            count = ReadVarint();
        }

        // Every element takes a byte at least.
        return count <= (ulong)Left ? (int)count : throw ParquetException.Corrupt("The metadata ends too early.");
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte part = ReadByte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw ParquetException.Corrupt("The metadata has a number out of range.");
    }
}
