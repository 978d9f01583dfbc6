using System.Buffers.Binary;

namespace OrleansLake.Parquet.Internal.Writing;

/// <summary>Bounds of byte arrays in unsigned byte order, and how they are cut.</summary>
internal static class BytesBounds
{
    /// <summary>Finds the indices of the least and the greatest value; there is one at least.</summary>
    public static void Find(BytesValues values, out int min, out int max)
    {
        min = 0;
        max = 0;
        ulong minKey = Key(values[0]);
        ulong maxKey = minKey;
        for (int i = 1; i < values.Count; i++)
        {
            // The first 8 bytes decide nearly always.
            ReadOnlySpan<byte> value = values[i];
            ulong key = Key(value);
            if (key <= minKey && (key < minKey || value.SequenceCompareTo(values[min]) < 0))
            {
                min = i;
                minKey = key;
            }

            if (key >= maxKey && (key > maxKey || value.SequenceCompareTo(values[max]) > 0))
            {
                max = i;
                maxKey = key;
            }
        }
    }

    /// <summary>Returns a lower bound of at most so many bytes; UTF-8 text is cut between characters.</summary>
    public static ReadOnlySpan<byte> CutMin(ReadOnlySpan<byte> value, int bytesMax, bool isText) =>
        value.Length <= bytesMax ? value : value[..CutAt(value, bytesMax, isText)];

    /// <summary>
    /// Returns an upper bound of at most so many bytes, written to a span: cut, and its last part that can be raised by one
    /// raised. False if there is none.
    /// </summary>
    public static bool TryCutMax(ReadOnlySpan<byte> value, int bytesMax, bool isText, Span<byte> into, out int length)
    {
        length = value.Length;
        if (value.Length <= bytesMax)
        {
            value.CopyTo(into);
            return true;
        }

        length = CutAt(value, bytesMax, isText);
        value[..length].CopyTo(into);
        while (length > 0)
        {
            if (TryRaiseLast(into, ref length, isText))
            {
                return true;
            }
        }

        return false;
    }

    private static int CutAt(ReadOnlySpan<byte> value, int bytesMax, bool isText)
    {
        int at = bytesMax;

        // A continuation byte at the cut: step back to its character's first byte, which is at most 3 before.
        while (isText && at > bytesMax - 4 && at > 0 && (value[at] & 0xC0) == 0x80)
        {
            at--;
        }

        return at;
    }

    // Raises the last character (or byte) by one, or drops it if it is the greatest; true if it was raised.
    private static bool TryRaiseLast(Span<byte> value, ref int length, bool isText)
    {
        int last = length - 1;
        if (!isText)
        {
            if (value[last] == 0xFF)
            {
                length = last;
                return false;
            }

            value[last]++;
            return true;
        }

        while (last > 0 && length - last < 4 && (value[last] & 0xC0) == 0x80)
        {
            last--;
        }

        bool isScalar = System.Text.Rune.DecodeFromUtf8(value[last..length], out System.Text.Rune rune, out int used)
            == System.Buffers.OperationStatus.Done && used == length - last;

        // The next character may be longer only if there was room to begin with; dropping is always right.
        int next = rune.Value + 1 == 0xD800 ? 0xE000 : rune.Value + 1;
        if (isScalar && System.Text.Rune.IsValid(next) && new System.Text.Rune(next).Utf8SequenceLength == used)
        {
            new System.Text.Rune(next).EncodeToUtf8(value[last..]);
            return true;
        }

        length = last;
        return false;
    }

    private static ulong Key(ReadOnlySpan<byte> value)
    {
        if (value.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(value);
        }

        ulong key = 0;
        for (int i = 0; i < value.Length; i++)
        {
            key |= (ulong)value[i] << (56 - (8 * i));
        }

        return key;
    }
}
