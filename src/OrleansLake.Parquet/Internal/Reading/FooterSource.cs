using System.Buffers.Binary;
using OrleansLake.Parquet.Internal.Format;

namespace OrleansLake.Parquet.Internal.Reading;

/// <summary>Finds the footer: the last eight bytes of a file are its length and the magic bytes.</summary>
internal static class FooterSource
{
    private const int MagicBytes = 4;
    private const int TailBytes = 8;

    /// <summary>Reads the footer of a file that is whole.</summary>
    /// <exception cref="ParquetException">It is not a Parquet file, is not whole, or is encrypted.</exception>
    public static Footer Read(ByteSource source)
    {
        long length = source.Length;
        if (length == 0)
        {
            throw ParquetException.Corrupt("The file is empty.");
        }

        Span<byte> head = stackalloc byte[MagicBytes];
        Span<byte> tail = stackalloc byte[TailBytes];
        if (length < MagicBytes + TailBytes)
        {
            throw ParquetException.Corrupt("The file is too short to be Parquet.");
        }

        source.Read(0, head);
        source.Read(length - TailBytes, tail);
        if (head.SequenceEqual("PARE"u8) || tail[4..].SequenceEqual("PARE"u8))
        {
            throw ParquetException.Unsupported("The file is encrypted.");
        }

        if (!head.SequenceEqual("PAR1"u8))
        {
            throw ParquetException.Corrupt("The file does not start as a Parquet file does.");
        }

        if (!tail[4..].SequenceEqual("PAR1"u8))
        {
            throw ParquetException.Corrupt("The file does not end as a Parquet file does: it is not whole.");
        }

        uint footerLength = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        long room = length - MagicBytes - TailBytes;
        if (footerLength > room || footerLength > Array.MaxLength)
        {
            throw ParquetException.Corrupt($"The footer's length, {footerLength}, is more than the file holds.");
        }

        byte[] footer = new byte[footerLength];
        long offset = length - TailBytes - footerLength;
        source.Read(offset, footer);
        try
        {
            return Footer.Read(footer, length);
        }
        catch (ParquetException e)
        {
            throw e.At(null, offset: offset);
        }
    }
}
