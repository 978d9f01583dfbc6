using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using OrleansLake.Core.Parsing;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Reading;

/// <summary>
/// Writes rows of a row group of a Parquet file as JSON, as a sender of JSON would have written them. Bytes that are not text are
/// <c>{"base64": "..."}</c>; columns of types that are not read are left out. One thread at a time.
/// </summary>
/// <param name="reader">The open file.</param>
/// <param name="rowGroup">The row group's index.</param>
/// <param name="inPath">What is in the file's path.</param>
internal sealed class RowJson(ParquetReader reader, int rowGroup, IReadOnlyDictionary<string, string?> inPath)
{
    private readonly Dictionary<ParquetColumn, StoredValues> _read = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ParquetColumn, NestedJson> _nested = new(ReferenceEqualityComparer.Instance);
    private readonly StoredText _text = new();

    /// <summary>Returns the values of a column, which is read once.</summary>
    /// <exception cref="ParquetException">It is damaged.</exception>
    internal StoredValues ValuesOf(ParquetColumn leaf)
    {
        if (!_read.TryGetValue(leaf, out StoredValues? values))
        {
            _read.Add(leaf, values = StoredValues.Read(reader, rowGroup, leaf));
        }

        return values;
    }

    /// <summary>Returns a row.</summary>
    internal byte[] Row(int row) => Written(json =>
    {
        json.WriteStartObject();
        var written = new HashSet<string>(StringComparer.Ordinal);
        WriteFields(json, reader.Columns, row, written);
        foreach ((string name, string? value) in inPath)
        {
            if (written.Add(name))
            {
                json.WriteString(name, value);
            }
        }

        json.WriteEndObject();
    });

    /// <summary>Returns what a row has in a column or a struct.</summary>
    internal byte[] Value(ParquetColumn column, int row) => Written(json => Write(json, column, row));

    private static byte[] Written(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(json);
        }

        return bytes.WrittenSpan.ToArray();
    }

    private void WriteFields(Utf8JsonWriter json, IReadOnlyList<ParquetColumn> columns, int row, HashSet<string> written)
    {
        foreach (ParquetColumn column in columns)
        {
            if (NestedJson.IsWritten(column) && written.Add(column.Name))
            {
                json.WritePropertyName(column.Name);
                Write(json, column, row);
            }
        }
    }

    /// <summary>Returns whether a column is written, by its path: the names of the groups around it and its own, with dots between.</summary>
    internal static bool Writes(IReadOnlyList<ParquetColumn> columns, string path) => columns.Any(column =>
        NestedJson.IsWritten(column) && (column.Name == path || (path.StartsWith($"{column.Name}.", StringComparison.Ordinal) && Writes(column.Fields, path[(column.Name.Length + 1)..]))));

    private void Write(Utf8JsonWriter json, ParquetColumn column, int row)
    {
        if (NestedJson.IsNested(column))
        {
            if (!_nested.TryGetValue(column, out NestedJson? nested))
            {
                _nested.Add(column, nested = new NestedJson(column, ValuesOf, WriteValue));
            }

            nested.Write(json, row);
            return;
        }

        StoredValues stored = ValuesOf(MappedRowGroup.LeafIn(column)!);
        if (column.StoredAs is null)
        {
            if (stored.IsNull(column, row))
            {
                json.WriteNullValue();
                return;
            }

            json.WriteStartObject();
            WriteFields(json, column.Fields, row, new HashSet<string>(StringComparer.Ordinal));
            json.WriteEndObject();
        }
        else if (stored.IsNull(row))
        {
            json.WriteNullValue();
        }
        else
        {
            WriteValue(json, stored, row);
        }
    }

    private void WriteValue(Utf8JsonWriter json, StoredValues stored, int row)
    {
        ValueKind kind = _text.Read(stored, MessageColumnTypes.FormOfValue(stored.Column), row, out ReadOnlySpan<byte> text);
        ReadOnlySpan<byte> kept = text.Length > FieldText.BytesMax ? text[..TextReading.KeptBytesMax] : text;
        if (kind == ValueKind.Text && !Utf8.IsValid(kept))
        {
            // No field takes an object for its text.
            json.WriteStartObject();
            json.WriteBase64String("base64"u8, kept);
            json.WriteEndObject();
            return;
        }

        json.WriteRawValue(
            kind is ValueKind.Number or ValueKind.Real or ValueKind.Truth ? text : kind == ValueKind.Null ? "null"u8 : JsonBytes.Text(kept),
            skipInputValidation: true);
    }
}
