using System.Text;

namespace OrleansLake.Engine.Input;

/// <summary>Recognises a source that cannot be read by its first bytes: a sentence that says so and what to do.</summary>
internal static class KnownBytes
{
    /// <summary>Bytes that are looked at: up to a tar archive's mark, and the names in an Office document.</summary>
    internal const int LookedAtBytes = 512;

    /// <summary>The name that <see cref="KindWithin"/> gives Parquet.</summary>
    internal const string Parquet = "Parquet";

    private const string Deflated = "it is packed with zlib (deflate without gzip's header); unpack it (pigz -dcz FILE | lake ingest -), or pack it with gzip or zstd";

    private static readonly (byte[] Magic, string Sentence)[] Packed =
    [
        ([.. "BZh"u8], "it is packed with bzip2; unpack it (bzcat FILE | lake ingest -), or pack it with gzip or zstd"),
        ([0xFD, .. "7zXZ"u8, 0], "it is packed with xz; unpack it (xzcat FILE | lake ingest -), or pack it with gzip or zstd"),
        ([0x5D, 0, 0], "it is packed with lzma; unpack it (lzcat FILE | lake ingest -), or pack it with gzip or zstd"),
        ([.. "LZIP"u8], "it is packed with lzip; unpack it, or pack it with gzip or zstd"),
        ([0x78, 0x01], Deflated),
        ([0x78, 0x9C], Deflated),
        ([0x78, 0xDA], Deflated),
        ([0x04, 0x22, 0x4D, 0x18], "it is packed with LZ4; unpack it (lz4cat FILE | lake ingest -), or pack it with gzip or zstd"),
        ([0xFF, 0x06, 0, 0, .. "sNaPpY"u8], "it is packed with snappy; unpack it, or pack it with gzip or zstd"),
        ([0x1F, 0x9D], "it is packed with compress (.Z); unpack it (zcat FILE | lake ingest -), or pack it with gzip or zstd"),
        ([.. "7z"u8, 0xBC, 0xAF, 0x27, 0x1C], "it is a 7-Zip archive; unpack it and name the files in it"),
        ([.. "Rar!"u8], "it is a RAR archive; unpack it and name the files in it"),
        ([.. "Obj"u8, 1], "it is an Avro file; write it as Parquet or NDJSON"),
        ([.. "ORC"u8], "it is an ORC file; write it as Parquet or NDJSON"),
        ([.. "ARROW1"u8], "it is an Arrow (Feather) file; write it as Parquet"),
        ([.. "FEA1"u8], "it is a Feather file; write it as Parquet"),
        ([0xFF, 0xFF, 0xFF, 0xFF], "it is a stream of Arrow; write it as Parquet"),
        ([.. "%PDF"u8], "it is a PDF document, not data"),
        ([.. "SQLite format 3"u8, 0], "it is an SQLite database; write the table as CSV, Parquet or NDJSON"),
        ([0xD0, 0xCF, 0x11, 0xE0], "it is an Office document; write the sheet as CSV"),
        ([0x89, .. "PNG"u8], "it is a picture, not data"),
        ([0x7F, .. "ELF"u8], "it is a program, not data"),
    ];

    /// <summary>
    /// Says what a message's or a request's text is, if its first bytes are known not to be JSON: "it is packed with xz". Null if it
    /// may be text. What a file may be (gzip, zstd, Parquet) such a text may not.
    /// </summary>
    /// <param name="start">Its first bytes, <see cref="LookedAtBytes"/> of them if it has as many.</param>
    internal static string? KindOfBody(ReadOnlySpan<byte> start)
    {
        if (MayBeJson(start))
        {
            return null;
        }

        return KindWithin(start) is { } within ? (within == Parquet ? "it is a Parquet file" : $"it is packed with {within}")
            : Archive(start) is { } sentence ? sentence[..Math.Max(sentence.IndexOfAny([';', ',']), 0)] is { Length: > 0 } kind ? kind : sentence : null;
    }

    /// <summary>Returns the name of what a file may be and a text may not, by its first bytes; null if it is none of these.</summary>
    internal static string? KindWithin(ReadOnlySpan<byte> start) => start is [0x1F, 0x8B, ..] ? "gzip"
        : ZstdText.IsPacked(start) ? "zstd"
        : start.StartsWith("PAR1"u8) || start.StartsWith("PARE"u8) ? Parquet : null;

    /// <summary>Returns whether a text starts as JSON does, which none of the known kinds do: what nearly every body is recognised by.</summary>
    internal static bool MayBeJson(ReadOnlySpan<byte> start) => start is [(byte)'{' or (byte)'[', not 0, ..];

    /// <summary>Describes what the bytes are, if they are known and cannot be read; null if they may be text.</summary>
    /// <param name="start">A source's first bytes, <see cref="LookedAtBytes"/> of them if it has as many.</param>
    internal static string? Refusal(ReadOnlySpan<byte> start)
    {
        if (Archive(start) is { } sentence)
        {
            return sentence;
        }

        // Only in the first line: a later one may be a record that was damaged.
        int line = start.IndexOf((byte)'\n');
        return (line < 0 ? start : start[..line]).Contains((byte)0) ? "it holds bytes of 0, so it is not text; JSON, CSV, TSV and Parquet are read, gzip and zstd unpacked" : null;
    }

    /// <summary>Returns whether bytes that are not UTF-8 may be text of Windows-1252, of which Latin-1's characters are a part.</summary>
    /// <param name="record">A whole record.</param>
    internal static bool IsLikeWindows1252(ReadOnlySpan<byte> record)
    {
        // Text of ASCII with half a surrogate pair as an escape is in UTF-8 already.
        if (Ascii.IsValid(record))
        {
            return false;
        }

        foreach (byte one in record)
        {
            // The controls of ASCII but for tabs and line ends, and the five that the encoding leaves open, are in no text of it.
            if (one is (< 0x20 and not (0x09 or 0x0A or 0x0D)) or 0x7F or 0x81 or 0x8D or 0x8F or 0x90 or 0x9D)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Makes an advice fit what was unpacked to be looked at: its commands are to read what comes out, and not the file.</summary>
    /// <param name="advice">Words with a command that reads FILE.</param>
    /// <param name="packing">gzip or zstd; null if the file is not packed, and the advice fits.</param>
    internal static string Unpacked(string advice, string? packing)
    {
        const string File = " FILE | ";
        int end = packing is null ? -1 : advice.IndexOf(File, StringComparison.Ordinal);
        if (end < 0)
        {
            return advice;
        }

        int start = advice.LastIndexOf('(', end) + 1;
        string command = advice[start..end];
        string reads = command.StartsWith("tar ", StringComparison.Ordinal) ? $"{command} -" : command;
        return $"{advice[..start]}{(packing == "zstd" ? "zstdcat" : "zcat")}{File}{reads} | {advice[(end + File.Length)..]}";
    }

    private static string? Archive(ReadOnlySpan<byte> start)
    {
        if (Encoded(start) is { } encoding)
        {
            return $"it is text in {encoding}, but UTF-8 is expected; convert it (iconv -f {encoding} -t UTF-8 FILE | lake ingest -)";
        }

        if (start.StartsWith("PK\u0003\u0004"u8) || start.StartsWith("PK\u0005\u0006"u8))
        {
            return start.IndexOf("[Content_Types].xml"u8) >= 0 || start.IndexOf("xl/"u8) >= 0
                ? "it is an Excel or other Office document; write the sheet as CSV" : "it is a zip archive; unpack it and name the files in it";
        }

        if (start.Length > 262 && start.Slice(257, 5).SequenceEqual("ustar"u8))
        {
            return "it is a tar archive; unpack it and name the files in it (tar -xOf FILE | lake ingest - if all of them are NDJSON)";
        }

        foreach ((byte[] magic, string sentence) in Packed)
        {
            if (start.StartsWith(magic) && (magic[0] != 'B' || start.Length < 4 || start[3] is >= (byte)'1' and <= (byte)'9'))
            {
                return sentence;
            }
        }

        return null;
    }

    // By its mark, or by the zeros that its ASCII has.
    private static string? Encoded(ReadOnlySpan<byte> start) => start switch
    {
        [0xFF, 0xFE, 0, 0, ..] => "UTF-32LE",
        [0, 0, 0xFE, 0xFF, ..] => "UTF-32BE",
        [0xFF, 0xFE, ..] => "UTF-16LE",
        [0xFE, 0xFF, ..] => "UTF-16BE",
        [>= 0x09 and < 0x7F, 0, 0, 0, >= 0x09 and < 0x7F, 0, 0, 0, ..] => "UTF-32LE",
        [0, 0, 0, >= 0x09 and < 0x7F, 0, 0, 0, >= 0x09 and < 0x7F, ..] => "UTF-32BE",
        [>= 0x09 and < 0x7F, 0, >= 0x09 and < 0x7F, 0, ..] => "UTF-16LE",
        [0, >= 0x09 and < 0x7F, 0, >= 0x09 and < 0x7F, ..] => "UTF-16BE",
        _ => null,
    };
}
