using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Parsing;
using OrleansLake.Engine.Input;
using OrleansLake.Engine.Reading;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Mappings;

/// <summary>The first records of a source whose shape nobody knows yet, whichever format it has.</summary>
internal sealed class MappingSample : IDisposable
{
    // Of a text; a sample need not be larger, and a pipe may never end.
    private const int BytesMax = 16 << 20;

    private static readonly byte[] Separators = [(byte)',', (byte)'\t', (byte)';', (byte)'|'];

    private static readonly SearchValues<byte> Between = SearchValues.Create(" \t\r\n,[]\x1E"u8);

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 64 };

    private readonly int _recordsMax;

    private MappingSample(int recordsMax) => _recordsMax = recordsMax;

    /// <summary>Gets what the records have.</summary>
    internal SampleFacts Facts { get; } = new();

    /// <summary>Gets a value indicating whether the outermost names are a table's columns.</summary>
    internal bool IsTable { get; private set; }

    /// <summary>Gets what was looked at, unpacked, from its start on.</summary>
    internal required Stream Text { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Text.Dispose();

    /// <summary>Reads a sample.</summary>
    /// <param name="source">The source, packed or not, from its start on; it stays open.</param>
    /// <param name="name">Its name, for the guess of its format.</param>
    /// <param name="format">Its format; null to guess it.</param>
    /// <param name="recordsMax">The most records that are looked at.</param>
    /// <exception cref="InvalidDataException">It cannot be read; the message says what it is.</exception>
    /// <exception cref="ParquetException">It is a Parquet file that cannot be read.</exception>
    internal static MappingSample Read(Stream source, string name, IngestFormat? format, int recordsMax)
    {
        byte[] magic = new byte[4];
        magic = magic[..source.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false)];
        if (format is { } said ? said == IngestFormat.Parquet : KnownBytes.KindWithin(magic) == KnownBytes.Parquet)
        {
            FileStream file = SpooledParquet.Open(source, magic);
            var parquet = new MappingSample(recordsMax) { Text = file, IsTable = true };
            try
            {
                parquet.ReadParquet(file, name);
                return parquet;
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }

        byte[] bytes = ReadText(TextSource.Unpack(new PrefixedStream(magic, source), magic), recordsMax);
        var sample = new MappingSample(recordsMax) { Text = new MemoryStream(bytes) };
        ReadOnlySpan<byte> text = bytes;
        if (KnownBytes.Refusal(text[..Math.Min(text.Length, KnownBytes.LookedAtBytes)]) is { } refusal)
        {
            throw new InvalidDataException(refusal);
        }

        text = text.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? text[3..] : text;
        bool isJson = format switch
        {
            IngestFormat.Csv or IngestFormat.Tsv => false,
            IngestFormat.Json or IngestFormat.Ndjson => true,
            _ => text.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[' or TextGuess.RecordSeparator, ..],
        };
        if (format == IngestFormat.Form)
        {
            sample.ReadForms(text);
        }
        else if (isJson)
        {
            sample.ReadJson(text);
        }
        else
        {
            sample.IsTable = true;
            sample.ReadTable(text, format == IngestFormat.Tsv ? (byte)'\t' : null);
        }

        return sample;
    }

    // As many lines as there may be records; of what has several lines a record, what is there.
    private static byte[] ReadText(Stream text, int recordsMax)
    {
        byte[] buffer = new byte[1 << 16];
        int filled = 0;
        int lines = 0;
        while (filled < BytesMax && !(lines > recordsMax && buffer is [(byte)'{', (byte)'"', ..]))
        {
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(BytesMax, buffer.Length * 2));
            }

            int read = text.Read(buffer, filled, buffer.Length - filled);
            if (read == 0)
            {
                return buffer[..filled];
            }

            lines += buffer.AsSpan(filled, read).Count((byte)'\n');
            filled += read;
        }

        // What comes last is not whole.
        int end = buffer.AsSpan(0, filled).LastIndexOf((byte)'\n') + 1;
        return buffer[..(end == 0 ? filled : end)];
    }

    private void ReadParquet(FileStream file, string name)
    {
        using ParquetReader reader = ParquetReader.Open(file.Name, name);
        Facts.IsTyped = true;
        for (int group = 0; group < reader.RowGroupCount && Facts.Records < _recordsMax; group++)
        {
            var json = new RowJson(reader, group, HivePath.Values(name));
            for (int row = 0; row < reader.RowCountOf(group) && Facts.Records < _recordsMax; row++)
            {
                Add(json.Row(row));
            }
        }

        foreach (PathFacts facts in Facts.Paths)
        {
            facts.IsTypedTime = IsTypedTime(reader.Columns, facts.Names);
        }
    }

    private static bool IsTypedTime(IReadOnlyList<ParquetColumn> columns, ImmutableArray<string> names) =>
        columns.FirstOrDefault(column => column.Name == names[0]) is { } found
        && (names.Length == 1 ? MessageColumnTypes.FormOf(found) is ValueForm.Instants or ValueForm.Days : IsTypedTime(found.Fields, names[1..]));

    private void ReadTable(ReadOnlySpan<byte> text, byte? said)
    {
        int end = text.IndexOfAny((byte)'\n', (byte)'\r');
        ReadOnlySpan<byte> line = text[..(end < 0 ? text.Length : end)];
        byte separator = said ?? (byte)',';
        foreach (byte one in said is null ? Separators : [])
        {
            separator = line.Count(one) > line.Count(separator) ? one : separator;
        }

        string[] names = [.. MissingColumns.NamesOfHeader(text, separator)];
        var scanner = new CsvRecordScanner(separator);
        int at = CsvParser.StartOfHeader(text, separator, out _);
        at += Math.Max(scanner.NextRecordEnd(text[at..]), 0);
        byte[] scratch = [];
        while (at < text.Length && Facts.Records < _recordsMax)
        {
            int next = new CsvRecordScanner(separator).NextRecordEnd(text[at..]);
            ReadOnlySpan<byte> row = CsvParser.WithoutEnd(next == 0 ? text[at..] : text.Slice(at, next));
            at = next == 0 ? text.Length : at + next;
            if (row.ContainsAnyExcept(" \t\r"u8))
            {
                scratch = scratch.Length < row.Length ? new byte[row.Length] : scratch;
                Add(RowOf(new CsvRecord(row, scratch, separator), names));
            }
        }
    }

    private static ReadOnlySpan<byte> RowOf(CsvRecord record, string[] names)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        for (int i = 0; record.TryNext(out ReadOnlySpan<byte> text, out bool isNull) && i < names.Length; i++)
        {
            // Of a name that is there twice, no path leads to either.
            if (names[i].Length > 0 && Array.IndexOf(names, names[i]) == Array.LastIndexOf(names, names[i]))
            {
                json.WriteString(names[i], isNull ? "" : Encoding.UTF8.GetString(text));
            }
        }

        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenSpan;
    }

    private void ReadForms(ReadOnlySpan<byte> text)
    {
        var json = new ArrayBufferWriter<byte>();
        foreach (Range line in text.Split((byte)'\n'))
        {
            json.ResetWrittenCount();
            ReadOnlySpan<byte> form = text[line].TrimEnd((byte)'\r');
            if (Facts.Records < _recordsMax && FormText.MayBe(form) && FormText.TryWriteJson(form, json, out _))
            {
                Add(json.WrittenSpan);
            }
        }
    }

    // Objects in lines, in an array, or one after the other. What is not JSON is passed over, up to the next line.
    private void ReadJson(ReadOnlySpan<byte> text)
    {
        for (int at = 0; Facts.Records < _recordsMax;)
        {
            int begin = text[at..].IndexOfAnyExcept(Between);
            if (begin < 0)
            {
                return;
            }

            at += begin;
            var reader = new Utf8JsonReader(text[at..], ReaderOptions);
            try
            {
                using var document = JsonDocument.ParseValue(ref reader);
                Facts.Add(document.RootElement);
                at += (int)reader.BytesConsumed;
            }
            catch (JsonException)
            {
                int line = text[at..].IndexOf((byte)'\n');
                if (line < 0)
                {
                    return;
                }

                at += line + 1;
            }
        }
    }

    private void Add(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, ReaderOptions);
            using var document = JsonDocument.ParseValue(ref reader);
            Facts.Add(document.RootElement);
        }
        catch (JsonException)
        {
            // Text that is not UTF-8, say: it is rejected when it is ingested.
        }
    }
}
