using System.Buffers;
using System.Buffers.Binary;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Reports;

/// <summary>
/// A part of a report as bytes, all numbers little-endian:
/// <code>
/// types                   where ids are not numbers of 32 bits: the complement of the user's type and the country's * 256 (4)
/// event types, channels   each: count (4), then each name: length (4), UTF-8
/// users, countries        the same, each only where its ids are not numbers of 32 bits
/// rows                    count (4), then each: a value (4) for every row key, nulls (1)
/// columns                 count (4), then each: value (4), nulls (1)
/// cells                   count (4), then each: row (4), column (4), count (8)
/// </code>
/// It travels between processes of one version and is never stored.
/// </summary>
internal static class ReportPartCodec
{
    public static void Write(ReportPart part, IBufferWriter<byte> destination)
    {
        IdTypes ids = part.Names.Ids;
        if (!ids.AreDefault)
        {
            WriteInt32(destination, ~((int)ids.User | ((int)ids.Country << 8)));
        }

        WriteNames(part.Names.EventTypes, destination);
        WriteNames(part.Names.Channels, destination);
        WriteNames(part.Names.Users, destination);
        WriteNames(part.Names.Countries, destination);
        WriteTuples(part.Rows, destination);
        WriteTuples(part.Columns, destination);
        WriteInt32(destination, part.Cells.Count);
        for (int index = 0; index < part.Cells.Count; index++)
        {
            Span<byte> cell = destination.GetSpan(16);
            BinaryPrimitives.WriteInt32LittleEndian(cell, part.Cells.RowAt(index));
            BinaryPrimitives.WriteInt32LittleEndian(cell[4..], part.Cells.ColumnAt(index));
            BinaryPrimitives.WriteInt64LittleEndian(cell[8..], part.Cells.CountAt(index));
            destination.Advance(16);
        }
    }

    public static ReportPart Read(ReportDefinition definition, ReadOnlySpan<byte> bytes)
    {
        IdTypes ids = ReadIds(ref bytes);
        var names = new FieldNames(ids);
        ReadNames(ref bytes, names.EventTypes);
        ReadNames(ref bytes, names.Channels);
        ReadNames(ref bytes, names.Users);
        ReadNames(ref bytes, names.Countries);
        TupleIndex rows = ReadTuples(ref bytes, definition.RowKeys.Count);
        TupleIndex columns = ReadTuples(ref bytes, 1);
        var cells = new CellList();
        int count = ReadCount(ref bytes, 16);
        for (int i = 0; i < count; i++)
        {
            int row = ReadInt32(ref bytes);
            int column = ReadInt32(ref bytes);
            long cell = BinaryPrimitives.ReadInt64LittleEndian(Take(ref bytes, 8));
            if ((uint)row >= (uint)rows.Count || (uint)column >= (uint)columns.Count)
            {
                throw new InvalidDataException("a cell is in no row or column");
            }

            cells.Add(row, column, cell);
        }

        return bytes.IsEmpty ? new ReportPart(definition.Of(ids), names, rows, columns, cells)
            : throw new InvalidDataException("it continues after its end");
    }

    // Who reads a part need not know the lake: it says what its ids are.
    private static IdTypes ReadIds(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4 || BinaryPrimitives.ReadInt32LittleEndian(bytes) >= 0)
        {
            return IdTypes.Default;
        }

        int types = ~ReadInt32(ref bytes);
        return (types & 0xFF) <= (int)IdType.Text && types >> 8 <= (int)IdType.Text ? new IdTypes((IdType)(types & 0xFF), (IdType)(types >> 8))
            : throw new InvalidDataException("its ids are of no known type");
    }

    private static void WriteNames(NameTable? names, IBufferWriter<byte> destination)
    {
        if (names is null)
        {
            return;
        }

        WriteInt32(destination, names.Count);
        for (int code = 0; code < names.Count; code++)
        {
            WriteInt32(destination, names[code].Length);
            destination.Write(names[code]);
        }
    }

    private static void ReadNames(ref ReadOnlySpan<byte> bytes, NameTable? names)
    {
        if (names is null)
        {
            return;
        }

        int count = ReadCount(ref bytes, 4);
        for (int code = 0; code < count; code++)
        {
            if (names.GetOrAdd(Take(ref bytes, ReadInt32(ref bytes))) != code)
            {
                throw new InvalidDataException("a name occurs twice");
            }
        }
    }

    private static void WriteTuples(TupleIndex tuples, IBufferWriter<byte> destination)
    {
        WriteInt32(destination, tuples.Count);
        for (int number = 0; number < tuples.Count; number++)
        {
            foreach (int value in tuples[number])
            {
                WriteInt32(destination, value);
            }

            destination.Write([tuples.Nulls(number)]);
        }
    }

    private static TupleIndex ReadTuples(ref ReadOnlySpan<byte> bytes, int width)
    {
        var tuples = new TupleIndex(width);
        int[] tuple = new int[width];
        int count = ReadCount(ref bytes, (4 * width) + 1);
        for (int number = 0; number < count; number++)
        {
            for (int place = 0; place < width; place++)
            {
                tuple[place] = ReadInt32(ref bytes);
            }

            if (tuples.GetOrAdd(tuple, Take(ref bytes, 1)[0]) != number)
            {
                throw new InvalidDataException("a row or a column occurs twice");
            }
        }

        return tuples;
    }

    private static void WriteInt32(IBufferWriter<byte> destination, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination.GetSpan(4), value);
        destination.Advance(4);
    }

    private static int ReadInt32(ref ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(Take(ref bytes, 4));

    private static int ReadCount(ref ReadOnlySpan<byte> bytes, int bytesEach)
    {
        int count = ReadInt32(ref bytes);
        return count >= 0 && count <= bytes.Length / bytesEach ? count : throw new InvalidDataException($"it cannot hold {count} things");
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, int length)
    {
        if ((uint)length > (uint)bytes.Length)
        {
            throw new InvalidDataException("it ends too early");
        }

        ReadOnlySpan<byte> taken = bytes[..length];
        bytes = bytes[length..];
        return taken;
    }
}
