using System.Buffers;
using System.Text;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;

namespace OrleansLake.Engine.Input;

/// <summary>
/// Guesses a text's format by its first bytes and then by its name, or takes the one specified. A text that is none of what can be read
/// is refused in one sentence before anything of it is taken.
/// </summary>
/// <remarks>
/// However the bytes arrive, the answer is one: it is given only when no byte that follows could change it. So a file and a
/// pipe that brings it in pieces are read alike.
/// </remarks>
/// <param name="name">The source's name.</param>
/// <param name="said">The specified format; null if it is to be guessed.</param>
/// <param name="rules">The rules by which its records are read.</param>
/// <param name="packing">What its bytes were unpacked from, gzip or zstd; null if they came as they are.</param>
internal sealed class TextGuess(string name, IngestFormat? said, RecordRules rules, string? packing)
{
    /// <summary>Bytes that are looked at, at most: what they do not show is guessed.</summary>
    internal const int LookedAtBytes = 64 * 1024;

    private const int ShownBytes = 40;
    private const int LinesBeforeHeaderMax = 20;
    internal const byte RecordSeparator = 0x1E;

    private static readonly SearchValues<byte> NameEnds = SearchValues.Create("\",\t;|\r\n"u8);

    private static readonly byte[] Separators = [(byte)',', (byte)'\t', (byte)';', (byte)'|'];

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Returns the kind of a text that starts so; null if more of it must be seen.</summary>
    /// <param name="start">The text's first bytes.</param>
    /// <param name="isAll">Whether there are no more, or no more are looked at.</param>
    /// <exception cref="InvalidDataException">It cannot be read; the message says what it is.</exception>
    internal TextLayout? Of(ReadOnlySpan<byte> start, bool isAll)
    {
        // A source that cannot be read is recognised by its first bytes, or by a zero in its first line.
        if (!isAll && start.Length < KnownBytes.LookedAtBytes && !start.Contains((byte)'\n'))
        {
            return null;
        }

        // Of a text that was unpacked: what is packed in itself.
        if (KnownBytes.KindWithin(start) is { } within)
        {
            throw new InvalidDataException(
                within != KnownBytes.Parquet ? $"it is packed twice, with {within} inside; unpack it once, and name what comes out, or pipe it into lake ingest -"
                : said is null ? "it is a Parquet file that was packed once more; unpack it, since Parquet is packed in itself"
                : "it is a Parquet file, and not what --format says");
        }

        if (KnownBytes.Refusal(start[..Math.Min(start.Length, KnownBytes.LookedAtBytes)]) is { } refusal)
        {
            // More bytes give a better guess.
            return !isAll && start.Length < KnownBytes.LookedAtBytes ? null : throw new InvalidDataException(KnownBytes.Unpacked(refusal, packing) + PackingHint());
        }

        ReadOnlySpan<byte> text = start.StartsWith(ByteOrderMark) ? start[ByteOrderMark.Length..] : start;
        ReadOnlySpan<byte> content = text.TrimStart(" \t\r\n"u8);
        return said switch
        {
            IngestFormat.Ndjson => TextLayout.Lines,
            IngestFormat.Form => TextLayout.Forms,

            // Not lines, whatever it begins with: an array that spans several may follow.
            IngestFormat.Json => content.IsEmpty && !isAll ? null : content is [(byte)'[', ..] ? TextLayout.Elements : TextLayout.Values,
            IngestFormat.Tsv when !content.IsEmpty => Table(start, isAll, [(byte)'\t']),
            IngestFormat.Csv when !content.IsEmpty => Table(start, isAll, Separators),
            _ => Guess(start, content, isAll),
        };
    }

    private TextLayout? Guess(ReadOnlySpan<byte> start, ReadOnlySpan<byte> content, bool isAll)
    {
        string extension = Extension(name);
        bool isTable = extension is ".csv" or ".tsv" or ".tab" or ".psv";
        bool isCut = isAll && start.Length >= LookedAtBytes;
        if (content.IsEmpty)
        {
            return isAll ? TextLayout.Lines : null;
        }

        // What nearly every file is recognised by, before it is tried as anything else.
        if (content[0] == '{' && content.IndexOf((byte)'\n') is > 0 and var end && JsonGuess.IsObject(content[..end]))
        {
            return TextLayout.Lines;
        }

        if (content[0] is (byte)'{' or (byte)'[' or RecordSeparator)
        {
            if (!isAll && MayBeHeader(start, content))
            {
                return null;
            }

            if (!IsHeader(start, content))
            {
                return content[0] != '[' ? JsonGuess.LayoutOf(content, isAll)
                    : JsonGuess.IsArray(content, isAll) is not { } isArray ? null
                    : isArray ? TextLayout.Elements
                    : JsonGuess.HasJsonLine(content, isAll, isCut) ? TextLayout.Lines : isAll ? Unknown(start, content) : null;
            }
        }

        if (!isAll && !HasLine(start))
        {
            return null;
        }

        if (isTable)
        {
            return Table(start, isAll, extension == ".tsv" ? [(byte)'\t', .. Separators] : Separators);
        }

        foreach (byte separator in Separators)
        {
            if (rules.IsTable(start, separator, out string? error))
            {
                return TextLayout.Table(separator);
            }

            // It is a header, whatever else is wrong with it.
            if (rules.Mapping is null && NamesRequired(start, separator))
            {
                return !isAll && !HasRecord(start, separator) ? null : throw new InvalidDataException(error);
            }
        }

        // A line that is not JSON may precede others that are.
        return JsonGuess.HasJsonLine(content, isAll, isCut) ? TextLayout.Lines : isAll ? Unknown(start, content) : null;
    }

    private static bool NamesRequired(ReadOnlySpan<byte> start, byte separator)
    {
        IReadOnlyCollection<string> names = MissingColumns.NamesOfHeader(start, separator);
        return names.Contains("timestamp") && names.Contains("message_id");
    }

    // Names may begin with a bracket, but none has a quotation mark in its middle, as nearly all JSON has.
    private bool IsHeader(ReadOnlySpan<byte> start, ReadOnlySpan<byte> content)
    {
        if (HasQuoteInFirstName(content))
        {
            return false;
        }

        foreach (byte separator in Separators)
        {
            if (rules.IsTable(start, separator, out _))
            {
                return true;
            }
        }

        return false;
    }

    // Whether more bytes could make a header of text that begins with a bracket.
    private static bool MayBeHeader(ReadOnlySpan<byte> start, ReadOnlySpan<byte> content)
    {
        if (HasQuoteInFirstName(content))
        {
            return false;
        }

        foreach (byte separator in Separators)
        {
            if (!HasRecord(start, separator))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasQuoteInFirstName(ReadOnlySpan<byte> content) =>
        content.IndexOfAny(NameEnds) is >= 0 and var end && content[end] == '"';

    private TextLayout? Table(ReadOnlySpan<byte> start, bool isAll, ReadOnlySpan<byte> separators)
    {
        if (!isAll && (!HasLine(start) || !HasRecord(start, separators[0])))
        {
            return null;
        }

        string? told = null;
        int most = 0;
        foreach (byte separator in separators)
        {
            if (rules.IsTable(start, separator, out string? error))
            {
                return TextLayout.Table(separator);
            }

            // Of all that may separate them, what makes most of the header is meant.
            int names = MissingColumns.NamesOfHeader(start, separator).Count;
            (told, most) = told is null || names > most ? (error, names) : (told, most);
        }

        // A header may be longer than what is looked at: the one who reads it says what is wrong with it.
        if (start.Length >= LookedAtBytes && !HasLine(start))
        {
            return TextLayout.Table(separators[0]);
        }

        throw new InvalidDataException($"{told}{(start.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..] ? "; if it is JSON, say so with --format json" : HeaderHint(start, separators))}");
    }

    // What else the first line may be: a row, or something that programs write before a header.
    private string HeaderHint(ReadOnlySpan<byte> start, ReadOnlySpan<byte> separators)
    {
        int at = start.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        bool isPastFirst = false;
        for (int line = 1; line <= LinesBeforeHeaderMax && at < start.Length; line++)
        {
            int end = start[at..].IndexOfAny((byte)'\n', (byte)'\r');
            int next = end < 0 ? start.Length : at + end + (start[(at + end)..].StartsWith("\r\n"u8) ? 2 : 1);
            if (start[at..next].Trim(" \t\r\n"u8).IsEmpty)
            {
                at = next;
                continue;
            }

            // Programs that count lines know no line that ends with CR alone.
            string from = start[..at].Count((byte)'\n') == line - 1 ? $"-n +{line}" : $"-c +{at + 1}";
            ReadOnlySpan<byte> rest = start[at..].TrimStart(" \t"u8);
            if (isPastFirst && (JsonGuess.BeginsWhole(rest) ?? start.Length >= LookedAtBytes) && (rest[0] != '[' || JsonGuess.IsArray(rest, isAll: true) is true))
            {
                return $"; JSON begins in line {line}: leave out what precedes it ({KnownBytes.Unpacked($"tail {from} FILE | lake ingest -", packing)}), or --format json, which rejects that";
            }

            foreach (byte separator in separators)
            {
                if (isPastFirst && HasLine(start[at..]) && rules.IsTable(start[at..], separator, out _))
                {
                    return $"; the header is in line {line}: leave out what precedes it ({KnownBytes.Unpacked($"tail {from} FILE | lake ingest - --format csv", packing)})";
                }

                foreach (string name in isPastFirst ? [] : MissingColumns.NamesOfHeader(start[at..], separator))
                {
                    if (TimestampText.TryParse(Encoding.UTF8.GetBytes(name), rules.Zone, out _, out _))
                    {
                        return "; its first line looks like a row, and a header is expected before the rows";
                    }
                }
            }

            isPastFirst = true;
            at = next;
        }

        return "";
    }

    // One odd line may be a message that was damaged; more of them are another kind of text.
    private TextLayout Unknown(ReadOnlySpan<byte> start, ReadOnlySpan<byte> content)
    {
        ReadOnlySpan<byte> lines = content.TrimEnd(" \t\r\n"u8);
        if (!lines.ContainsAny((byte)'\n', (byte)'\r') && !IsMarkup(lines))
        {
            return TextLayout.Lines;
        }

        int end = lines.IndexOfAny((byte)'\n', (byte)'\r');
        ReadOnlySpan<byte> first = end < 0 ? lines : lines[..end];
        string begin = ShownText.Quoted(first[..Math.Min(first.Length, ShownBytes)]);
        foreach (byte separator in Separators)
        {
            if (MissingColumns.RenamesOfHeader(first, separator) is { } renames)
            {
                throw new InvalidDataException($"it looks like a table, but its first line does not name the columns timestamp and message_id (it begins with {begin}); {renames}");
            }
        }

        if (first is [(byte)'<', var next, ..] && (char.IsAsciiLetter((char)next) || next is (byte)'/' or (byte)'!' or (byte)'?'))
        {
            throw new InvalidDataException($"it looks like XML or HTML (it begins with {begin}); write it as NDJSON, CSV or Parquet");
        }

        string hint = HeaderHint(start, Separators);
        throw new InvalidDataException(hint.StartsWith("; JSON", StringComparison.Ordinal) ? $"it begins with {begin}, which is not JSON{hint}{PackingHint()}" :
            $"it is neither JSON nor a table whose first line names the columns timestamp and message_id, with commas, semicolons, bars or tabs between (it begins with {begin}); if it is one of them, --format says so (ndjson, json, csv, tsv; form for lines of them){hint}{PackingHint()}");
    }

    // How XML and HTML begin, and no message that was damaged does.
    private bool IsMarkup(ReadOnlySpan<byte> line) => line is [(byte)'<', (byte)'!' or (byte)'?', ..]
        || (line[0] == '<' && Extension(name) is ".xml" or ".html" or ".htm" or ".xhtml");

    private string PackingHint()
    {
        string extension = Path.GetExtension(name);
        string? named = packing is not null ? null : Is(extension, ".gz") ? "gzip" : Is(extension, ".zst") || Is(extension, ".zstd") ? "zstd" : null;
        return named is null ? "" : $"; its name says {named}, but its bytes are not";
    }

    private static bool HasLine(ReadOnlySpan<byte> start)
    {
        int end = start.TrimStart(" \t\r\n"u8).IndexOfAny((byte)'\n', (byte)'\r');
        return end >= 0;
    }

    // A name in a header may hold line ends within quotes.
    private static bool HasRecord(ReadOnlySpan<byte> start, byte separator) =>
        new CsvRecordScanner(separator).NextRecordEnd(start.TrimStart(" \t\r\n"u8)) > 0;

    /// <summary>Returns the name's end that says what it is, without what says how it is packed, or its number among others.</summary>
    private static string Extension(string name)
    {
        while (true)
        {
            string extension = Path.GetExtension(name);
            bool isNumber = extension.Length > 1 && extension.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;
            if (!isNumber && !Is(extension, ".gz") && !Is(extension, ".zst") && !Is(extension, ".zstd"))
            {
#pragma warning disable CA1308 // Extensions are lower case.
                return extension.ToLowerInvariant();
#pragma warning restore CA1308
            }

            name = Path.GetFileNameWithoutExtension(name);
        }
    }

    private static bool Is(string extension, string known) => extension.Equals(known, StringComparison.OrdinalIgnoreCase);
}
