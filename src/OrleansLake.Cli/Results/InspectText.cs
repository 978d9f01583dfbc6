using System.Text.Json;
using OrleansLake.Cli.Output;
using OrleansLake.Parquet;

namespace OrleansLake.Cli.Results;

/// <summary>A Parquet file's metadata, printed.</summary>
internal static class InspectText
{
    private const int StatisticMax = 28;

    public static void WriteTables(string path, ParquetReader reader, Terminal terminal)
    {
        ParquetFileMetadata facts = reader.Metadata;
        TextWriter writer = terminal.Out;
        writer.WriteLine($"{DisplayWidth.Printable(path)}: {Figures.Count(facts.RowCount, "row")}, {Figures.Count(facts.RowGroups.Count, "row group")}, {Figures.Bytes(facts.FileBytes)}");
        writer.WriteLine($"written by {DisplayWidth.Printable(facts.CreatedBy ?? "an unnamed program")}");
        foreach ((string key, string value) in facts.KeyValueMetadata)
        {
            writer.WriteLine(DisplayWidth.Shorten(DisplayWidth.Printable($"  {key} = {value}"), Math.Max(40, terminal.Width - 1)));
        }

        writer.WriteLine();
        DrawnTables.Write(terminal, new TextTable(
            [new("column"), new("type"), new("nulls")],
            [.. reader.Schema.Fields.Select(field => new[] { field.Name, ParquetNames.Of(field), field.IsRequired ? "required" : "optional" })]));
        for (int i = 0; i < facts.RowGroups.Count; i++)
        {
            RowGroupMetadata group = facts.RowGroups[i];
            writer.WriteLine();
            writer.WriteLine($"row group {i}: {Figures.Count(group.RowCount, "row")}, {Figures.Bytes(group.Columns.Sum(chunk => chunk.CompressedBytes))}");
            DrawnTables.Write(terminal, ChunkTable(group));
        }
    }

    public static void WriteJson(string path, ParquetReader reader, Stream destination) => JsonLines.Write(destination, writer =>
    {
        ParquetFileMetadata facts = reader.Metadata;
        writer.WriteString("file", path);
        writer.WriteNumber("bytes", facts.FileBytes);
        writer.WriteNumber("rows", facts.RowCount);
        writer.WriteString("created_by", facts.CreatedBy);
        writer.WriteStartObject("metadata");
        foreach ((string key, string value) in facts.KeyValueMetadata)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
        writer.WriteStartArray("columns");
        foreach (ParquetField field in reader.Schema.Fields)
        {
            writer.WriteStartObject();
            writer.WriteString("name", field.Name);
            writer.WriteString("type", ParquetNames.Of(field));
            writer.WriteBoolean("required", field.IsRequired);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("row_groups");
        foreach (RowGroupMetadata group in facts.RowGroups)
        {
            writer.WriteStartObject();
            writer.WriteNumber("rows", group.RowCount);
            writer.WriteStartArray("columns");
            foreach (ColumnChunkMetadata chunk in group.Columns)
            {
                WriteChunk(writer, chunk);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static void WriteChunk(Utf8JsonWriter writer, ColumnChunkMetadata chunk)
    {
        writer.WriteStartObject();
        writer.WriteString("name", chunk.Path);
        writer.WriteString("stored_as", ParquetNames.Of(chunk.StoredAs));
        writer.WriteString("codec", ParquetNames.Of(chunk.Codec));
        writer.WriteStartArray("encodings");
        foreach (PageEncoding encoding in chunk.Encodings)
        {
            writer.WriteStringValue(ParquetNames.Of(encoding));
        }

        writer.WriteEndArray();
        writer.WriteNumber("values", chunk.ValueCount);
        writer.WriteNumber("bytes", chunk.CompressedBytes);
        writer.WriteNumber("bytes_uncompressed", chunk.UncompressedBytes);
        if (chunk.Statistics?.NullCount is { } nulls)
        {
            writer.WriteNumber("nulls", nulls);
        }
        else
        {
            writer.WriteNull("nulls");
        }

        writer.WriteString("min", chunk.MinText);
        writer.WriteString("max", chunk.MaxText);
        writer.WriteEndObject();
    }

    private static TextTable ChunkTable(RowGroupMetadata group) => new(
        [new("column"), new("codec"), new("encodings"), new("size", true), new("unpacked", true), new("nulls", true), new("min"), new("max")],
        [.. group.Columns.Select(chunk => new[]
        {
            chunk.Path, ParquetNames.Of(chunk.Codec), string.Join(" ", chunk.Encodings.Select(ParquetNames.Of)),
            Figures.Bytes(chunk.CompressedBytes), Figures.Bytes(chunk.UncompressedBytes),
            chunk.Statistics?.NullCount is { } nulls ? Figures.Count(nulls) : "?", Statistic(chunk.MinText), Statistic(chunk.MaxText),
        })]);

    // An unknown bound is distinguished from an empty text.
    private static string Statistic(string? value) =>
        value is null ? "?" : value.Length == 0 ? "''" : DisplayWidth.Shorten(DisplayWidth.Printable(value), StatisticMax);
}
