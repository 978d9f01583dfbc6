using System.Runtime.InteropServices;
using OrleansLake.Core.Messages;

namespace OrleansLake.Storage.Log;

/// <summary>
/// Messages as bytes: the columns' own arrays, one after the other, so that writing and reading them is copying. What is kept beside
/// the messages follows them; the count of rows is its complement then. Where ids are not numbers of 32 bits, the count has
/// <see cref="NamedIds"/> besides, and behind each column of ids are their type and, unless it is that of such numbers, their names.
/// Numbers are little-endian, as on every machine that this runs on.
/// </summary>
internal static class BatchCodec
{
    /// <summary>Codes fit a byte while there are fewer names than this; it stands for a null then.</summary>
    private const int NullByteCode = 255;

    /// <summary>Set in a count of rows, of which no frame has that many.</summary>
    private const int NamedIds = 1 << 30;

    public static void Write(MessageBatch batch, ByteSink to)
    {
        KeptColumns? kept = batch.Kept;
        int count = batch.Count | (batch.HasNamedIds ? NamedIds : 0);
        to.Int32(kept is null ? count : ~count);
        WriteNumbers(batch.Timestamps, to);
        WriteText(batch.Values, to);
        WriteNames(batch.EventTypes, to);
        WriteIds(batch.MessageIds, to);
        WriteNames(batch.Channels, to);
        WriteIds(batch.CountryIds, batch.HasNamedIds, to);
        WriteIds(batch.UserIds, batch.HasNamedIds, to);
        if (kept is not null)
        {
            to.Byte((byte)kept.Fields);
            WriteText(kept.Attributes, to);
            WriteNames(kept.Sources, to);
            WriteNumbers(kept.SourceOffsets, to);
        }
    }

    public static MessageBatch Read(ref ByteSource from)
    {
        int count = from.Int32();
        int rows = count < 0 ? ~count : count;
        bool hasNamedIds = (rows & NamedIds) != 0;
        rows &= ~NamedIds;
        if (rows > from.Left / 16)
        {
            throw new InvalidDataException($"it cannot hold {rows} rows");
        }

        var batch = new MessageBatch();
        ReadNumbers(ref from, rows, batch.Timestamps);
        ReadText(ref from, rows, batch.Values);
        ReadNames(ref from, rows, batch.EventTypes);
        ReadIds(ref from, rows, batch.MessageIds);
        ReadNames(ref from, rows, batch.Channels);
        ReadIds(ref from, rows, hasNamedIds, batch.CountryIds);
        if (count >= 0)
        {
            ReadIds(ref from, rows, hasNamedIds, batch.UserIds);
            return batch;
        }

        // Before the column that counts the rows.
        KeptColumns kept = batch.Keep(KeptFields.None);
        ReadIds(ref from, rows, hasNamedIds, batch.UserIds);
        batch.Keep((KeptFields)from.Byte());
        ReadText(ref from, rows, kept.Attributes);
        ReadNames(ref from, rows, kept.Sources);
        ReadNumbers(ref from, rows, kept.SourceOffsets);
        return batch;
    }

    private static void WriteValidity(Validity validity, ByteSink to)
    {
        to.Byte(validity.NullCount == 0 ? (byte)0 : (byte)1);
        if (validity.NullCount == 0)
        {
            return;
        }

        to.Values(validity.Words);
        if ((validity.Count & 63) != 0)
        {
            // Bits past the end are undefined in memory; on disk they are 0, so that the bytes follow from the rows.
            Span<ulong> last = MemoryMarshal.Cast<byte, ulong>(to.Written[^8..]);
            last[0] &= (1UL << (validity.Count & 63)) - 1;
        }
    }

    /// <summary>Returns the bitmap of the rows that hold a value; empty if all do.</summary>
    private static ulong[] ReadValidity(ref ByteSource from, int rows)
    {
        if (from.Byte() == 0)
        {
            return [];
        }

        ReadOnlySpan<byte> bytes = from.Take(((rows + 63L) >> 6) * 8);
        return MemoryMarshal.Cast<byte, ulong>(bytes).ToArray();
    }

    private static bool IsNull(ulong[] validity, int row) =>
        validity.Length != 0 && (validity[row >> 6] >> (row & 63) & 1) == 0;

    private static void WriteNumbers<T>(NumberColumn<T> column, ByteSink to)
        where T : unmanaged
    {
        WriteValidity(column.Validity, to);
        to.Values(column.Values);
    }

    private static void ReadNumbers<T>(ref ByteSource from, int rows, NumberColumn<T> column)
        where T : unmanaged
    {
        ulong[] validity = ReadValidity(ref from, rows);
        var values = new T[rows];
        from.Values(values.AsSpan());
        if (validity.Length == 0)
        {
            column.AppendRange(values);
            return;
        }

        for (int row = 0; row < rows; row++)
        {
            if (IsNull(validity, row))
            {
                column.AppendNull();
            }
            else
            {
                column.Append(values[row]);
            }
        }
    }

    private static void WriteText(TextColumn column, ByteSink to)
    {
        WriteValidity(column.Validity, to);
        to.Values(column.Offsets.Span);
        to.Raw(column.Bytes.Span);
    }

    private static void ReadText(ref ByteSource from, int rows, TextColumn column)
    {
        ulong[] validity = ReadValidity(ref from, rows);
        (int[] offsets, ReadOnlySpan<byte> bytes) = ReadTextArrays(ref from, rows);
        if (validity.Length == 0)
        {
            column.AppendRange(bytes, offsets);
            return;
        }

        for (int row = 0; row < rows; row++)
        {
            if (IsNull(validity, row))
            {
                column.AppendNull();
            }
            else
            {
                column.Append(bytes[offsets[row]..offsets[row + 1]]);
            }
        }
    }

    private static TextArrays ReadTextArrays(ref ByteSource from, int rows)
    {
        var offsets = new int[rows + 1];
        from.Values(offsets.AsSpan());
        for (int row = 0; row < rows; row++)
        {
            if (offsets[row + 1] < offsets[row])
            {
                throw new InvalidDataException("a text ends before it starts");
            }
        }

        return offsets[0] == 0
            ? new TextArrays(offsets, from.Take(offsets[rows]))
            : throw new InvalidDataException("the first text does not start at 0");
    }

    private static void WriteIds(IdColumn column, bool hasNamedIds, ByteSink to)
    {
        WriteNumbers(column, to);
        if (hasNamedIds)
        {
            to.Byte((byte)column.Type);
            if (column.Names is { } names)
            {
                WriteTable(names, to);
            }
        }
    }

    private static void ReadIds(ref ByteSource from, int rows, bool hasNamedIds, IdColumn column)
    {
        if (!hasNamedIds)
        {
            ReadNumbers(ref from, rows, column);
            return;
        }

        var codes = new NumberColumn<int>();
        ReadNumbers(ref from, rows, codes);
        byte type = from.Byte();
        if (type > (byte)IdType.Text)
        {
            throw new InvalidDataException($"ids are of type {type}");
        }

        NameTable? names = type == (byte)IdType.Number32 ? null : ReadTable(ref from, column.NamesOf((IdType)type));
        for (int row = 0; row < rows; row++)
        {
            if (codes.IsNull(row))
            {
                column.AppendNull();
                continue;
            }

            int code = codes.Values[row];
            column.Append(names is null || (uint)code < (uint)names.Count ? code : throw new InvalidDataException($"there is no id {code}"));
        }

        for (int code = 0; type == (byte)IdType.Number64 && code < names!.Count; code++)
        {
            if (names[code].Length != sizeof(long))
            {
                throw new InvalidDataException("a number is not of 64 bits");
            }
        }
    }

    private static void WriteTable(NameTable table, ByteSink to)
    {
        TextColumn names = table.Names;
        to.Int32(names.Count);
        to.Values(names.Offsets.Span);
        to.Raw(names.Bytes.Span);
    }

    private static NameTable ReadTable(ref ByteSource from, NameTable names)
    {
        int count = from.Count();
        if (count > from.Left / 4)
        {
            throw new InvalidDataException($"it cannot hold {count} names");
        }

        (int[] offsets, ReadOnlySpan<byte> bytes) = ReadTextArrays(ref from, count);
        for (int code = 0; code < count; code++)
        {
            if (names.GetOrAdd(bytes[offsets[code]..offsets[code + 1]]) != code)
            {
                throw new InvalidDataException("a name occurs twice");
            }
        }

        return names;
    }

    private static void WriteNames(NameColumn column, ByteSink to)
    {
        NameTable names = column.Names;
        WriteTable(names, to);
        ReadOnlySpan<int> codes = column.Codes;
        if (names.Count >= NullByteCode)
        {
            to.Values(codes);
            return;
        }

        // A null is -1, whose low byte is 255.
        Span<byte> narrow = to.Take(codes.Length);
        for (int row = 0; row < narrow.Length; row++)
        {
            narrow[row] = (byte)codes[row];
        }
    }

    private static void ReadNames(ref ByteSource from, int rows, NameColumn column)
    {
        int count = ReadTable(ref from, column.Names).Count;
        var codes = new int[rows];
        if (count >= NullByteCode)
        {
            from.Values(codes.AsSpan());
        }
        else
        {
            ReadOnlySpan<byte> narrow = from.Take(rows);
            for (int row = 0; row < codes.Length; row++)
            {
                codes[row] = narrow[row] == NullByteCode ? NameColumn.NullCode : narrow[row];
            }
        }

        foreach (int code in codes)
        {
            if (code < NameColumn.NullCode || code >= count)
            {
                throw new InvalidDataException($"there is no name {code}");
            }
        }

        column.AppendCodes(codes);
    }

    private static void WriteIds(MessageIdColumn column, ByteSink to)
    {
        ReadOnlySpan<MessageIdKind> kinds = column.Kinds;
        bool areUuids = kinds.IndexOfAnyExcept(MessageIdKind.Uuid) < 0;
        to.Byte(areUuids ? (byte)1 : (byte)0);
        if (areUuids)
        {
            to.Values(column.Bits);
            return;
        }

        to.Raw(MemoryMarshal.Cast<MessageIdKind, byte>(kinds));
        to.Values(column.Bits);
        to.Int32(column.Texts.Count);
        to.Values(column.Texts.Offsets.Span);
        to.Raw(column.Texts.Bytes.Span);
    }

    private static void ReadIds(ref ByteSource from, int rows, MessageIdColumn column)
    {
        bool areUuids = from.Byte() != 0;
        ReadOnlySpan<byte> kinds = areUuids ? [] : from.Take(rows);
        var bits = new MessageIdBits[rows];
        from.Values(bits.AsSpan());
        if (areUuids)
        {
            column.AppendUuids(bits);
            return;
        }

        int count = from.Count();
        if (count > rows)
        {
            throw new InvalidDataException($"it cannot hold {count} ids");
        }

        (int[] offsets, ReadOnlySpan<byte> bytes) = ReadTextArrays(ref from, count);
        int text = 0;
        for (int row = 0; row < rows; row++)
        {
            switch ((MessageIdKind)kinds[row])
            {
                case MessageIdKind.Uuid:
                    column.AppendUuid(bits[row]);
                    break;
                case MessageIdKind.Text when text < count:
                    column.Append(bytes[offsets[text]..offsets[text + 1]]);
                    text++;
                    break;
                case MessageIdKind.Null:
                    column.AppendNull();
                    break;
                default:
                    throw new InvalidDataException($"an id is of kind {kinds[row]}");
            }
        }
    }

    private readonly ref struct TextArrays(int[] offsets, ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public void Deconstruct(out int[] starts, out ReadOnlySpan<byte> text)
        {
            starts = offsets;
            text = _bytes;
        }
    }
}
