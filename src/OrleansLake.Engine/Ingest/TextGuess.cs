using System.Text;
using System.Text.Json;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;

namespace OrleansLake.Engine.Ingest;

/// <summary>
/// Guesses a text's format by its first bytes and then by its name, or takes the one specified. A text that is none of what can be read
/// is refused in one sentence before anything of it is taken.
/// </summary>
/// <remarks>
/// However the bytes arrive, the answer is one: it is given only when no byte that follows could change it. So a file and a
/// pipe that brings it in pieces are read alike.
/// </remarks>
/// <param name="name">The source's name.</param>
/// <param name="said">What it is said to be; null if that is to be guessed.</param>
/// <param name="zone">The lake's time zone.</param>
/// <param name="packing">What its bytes were unpacked from, gzip or zstd; null if they came as they are.</param>
internal sealed class TextGuess(string name, IngestFormat? said, LakeTimeZone zone, string? packing)
{
    /// <summary>Bytes that are looked at, at most: what they do not tell is guessed.</summary>
    internal const int LookedAtBytes = 64 * 1024;

    private const int ShownBytes = 40;
    private const int LinesBeforeHeaderMax = 20;
    private const byte RecordSeparator = 0x1E;

    private static readonly byte[] Separators = [(byte)',', (byte)'\t', (byte)';', (byte)'|'];

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Tells what a text is that starts so; null if more of it must be seen.</summary>
    /// <param name="start">The text's first bytes.</param>
    /// <param name="isAll">Whether there are no more, or no more are looked at.</param>
    /// <exception cref="InvalidDataException">It cannot be read; the message says what it is.</exception>
    internal TextLayout? Of(ReadOnlySpan<byte> start, bool isAll)
    {
        // What a source is that cannot be read, its first bytes tell, or a zero in its first line.
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
            // More bytes tell better.
            return !isAll && start.Length < KnownBytes.LookedAtBytes ? null : throw new InvalidDataException(KnownBytes.Unpacked(refusal, packing) + PackingHint());
        }

        ReadOnlySpan<byte> text = start.StartsWith(ByteOrderMark) ? start[ByteOrderMark.Length..] : start;
        ReadOnlySpan<byte> content = text.TrimStart(" \t\r\n"u8);
        return said switch
        {
            IngestFormat.Ndjson => TextLayout.Lines,
            IngestFormat.Json => Json(content, isAll) ?? (isAll ? TextLayout.Values : null),
            IngestFormat.Tsv when !content.IsEmpty => Table(start, isAll, [(byte)'\t']),
            IngestFormat.Csv when !content.IsEmpty => Table(start, isAll, Separators),
            _ => Guess(start, content, isAll),
        };
    }

    private TextLayout? Guess(ReadOnlySpan<byte> start, ReadOnlySpan<byte> content, bool isAll)
    {
        string extension = Extension(name);
        bool isTable = extension is ".csv" or ".tsv" or ".tab" or ".psv";
        if (content.IsEmpty)
        {
            return isAll ? TextLayout.Lines : null;
        }

        // What nearly every file is told by, before it is tried as anything else.
        if (content[0] == '{' && content.IndexOf((byte)'\n') is > 0 and var end && IsObject(content[..end]))
        {
            return TextLayout.Lines;
        }

        if (content[0] is (byte)'{' or (byte)'[' or RecordSeparator && !IsHeader(start))
        {
            TextLayout? json = Json(content, isAll);
            return json is not null || content[0] == '{' ? json : HasJsonLine(content, isAll) ? TextLayout.Lines : isAll ? Unknown(start, content) : null;
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
            if (CsvParser.TryOpen(start, zone, separator, null, out _, out string? error))
            {
                return TextLayout.Table(separator);
            }

            // It is a header, whatever else is wrong with it.
            if (NamesRequired(start, separator))
            {
                return !isAll && !HasRecord(start, separator) ? null : throw new InvalidDataException(error);
            }
        }

        // A line that is not JSON may stand before others that are.
        return HasJsonLine(content, isAll) ? TextLayout.Lines : isAll ? Unknown(start, content) : null;
    }

    private static bool NamesRequired(ReadOnlySpan<byte> start, byte separator)
    {
        IReadOnlyCollection<string> names = MissingColumns.NamesOfHeader(start, separator);
        return names.Contains("timestamp") && names.Contains("message_id");
    }

    private bool IsHeader(ReadOnlySpan<byte> start) => CsvParser.TryOpen(start, zone, out _, out _);

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
            if (CsvParser.TryOpen(start, zone, separator, null, out _, out string? error))
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

            foreach (byte separator in separators)
            {
                if (isPastFirst && HasLine(start[at..]) && CsvParser.TryOpen(start[at..], zone, separator, null, out _, out _))
                {
                    // Programs that count lines know no line that ends with CR alone.
                    string from = start[..at].Count((byte)'\n') == line - 1 ? $"-n +{line}" : $"-c +{at + 1}";
                    return $"; the header stands in line {line}: leave out what stands before it ({KnownBytes.Unpacked($"tail {from} FILE | lake ingest - --format csv", packing)})";
                }

                foreach (string name in isPastFirst ? [] : MissingColumns.NamesOfHeader(start[at..], separator))
                {
                    if (TimestampText.TryParse(Encoding.UTF8.GetBytes(name), zone, out _, out _))
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

    /// <summary>Returns the kind of a text that begins with a bracket; null if more must be seen, or if it is not JSON.</summary>
    private static TextLayout? Json(ReadOnlySpan<byte> content, bool isAll)
    {
        if (content.IsEmpty)
        {
            return null;
        }

        switch (content[0])
        {
            case RecordSeparator:
                return TextLayout.Values;
            case (byte)'[':
                // Of other values than objects none is a message: such a line is one record that is rejected.
                ReadOnlySpan<byte> element = content[1..].TrimStart(" \t\r\n"u8);
                return element.IsEmpty ? (isAll ? TextLayout.Elements : null) : element[0] is (byte)'{' or (byte)']' ? TextLayout.Elements : null;
            case (byte)'{':
                return Objects(content, isAll);
            default:
                return null;
        }
    }

    // Lines, unless the first object spans several of them, or something but a line end follows it.
    private static TextLayout? Objects(ReadOnlySpan<byte> content, bool isAll)
    {
        var scanner = new JsonValueScanner(opensArrays: false);
        bool isEnded = scanner.TryNext(content, out _, out int length);
        ReadOnlySpan<byte> value = isEnded ? content[..length] : content;
        bool spansLines = value.ContainsAny((byte)'\n', (byte)'\r');
        if ((isEnded && !scanner.WasClosed) || (spansLines && !CouldBeJson(value, isAll: false) && HoldsLineOfJson(value, isAll)))
        {
            return TextLayout.Lines;
        }

        if (spansLines && (isEnded || isAll))
        {
            return TextLayout.Values;
        }

        ReadOnlySpan<byte> rest = content[value.Length..].TrimStart(" \t\r"u8);
        if (rest.IsEmpty)
        {
            return isAll ? TextLayout.Lines : null;
        }

        bool isOldLineEnd = content[value.Length..^rest.Length].Contains((byte)'\r') && rest[0] != '\n';
        return isOldLineEnd || rest[0] is (byte)'{' or (byte)',' or RecordSeparator ? TextLayout.Values : TextLayout.Lines;
    }

    // Of a value that is broken: whether it is half a line, and whole ones follow that its open bracket would take into it.
    private static bool HoldsLineOfJson(ReadOnlySpan<byte> value, bool isAll)
    {
        for (int end; (end = value.IndexOf((byte)'\n')) >= 0;)
        {
            value = value[(end + 1)..];
            int length = value.IndexOf((byte)'\n') is var next && next < 0 && isAll ? value.Length : next;
            if (length > 0 && value[0] == '{' && CouldBeJson(value[..length], isAll: true))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns whether more bytes could complete an object at a text's end.</summary>
    internal static bool IsHalf(ReadOnlySpan<byte> tail) => tail is [(byte)'{', ..] && CouldBeJson(tail, isAll: false);

    private static bool IsObject(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && reader.TrySkip() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool CouldBeJson(ReadOnlySpan<byte> start, bool isAll)
    {
        try
        {
            var reader = new Utf8JsonReader(start, isFinalBlock: isAll && start.Length < LookedAtBytes, default);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool HasJsonLine(ReadOnlySpan<byte> content, bool isAll)
    {
        foreach (Range line in content.SplitAny((byte)'\n', (byte)'\r'))
        {
            ReadOnlySpan<byte> text = content[line].Trim(" \t"u8);
            bool isWhole = isAll || line.End.Value < content.Length;
            if (text is [(byte)'{', ..] || (isWhole && text is [(byte)'[', ..] && CouldBeJson(text, isAll: true)))
            {
                return true;
            }
        }

        return false;
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

        if (first[0] == '<')
        {
            throw new InvalidDataException($"it looks like XML or HTML (it begins with {begin}); write it as NDJSON, CSV or Parquet");
        }

        throw new InvalidDataException(
            $"it is neither JSON nor a table whose first line names the columns timestamp and message_id, with commas, semicolons, bars or tabs between (it begins with {begin}); if it is one of them, --format says so (ndjson, json, csv, tsv){HeaderHint(start, Separators)}{PackingHint()}");
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

    /// <summary>The name's end that says what it is, without what says how it is packed, or its number among others.</summary>
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
