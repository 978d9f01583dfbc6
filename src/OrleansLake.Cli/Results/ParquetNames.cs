using System.Text.Json;
using OrleansLake.Parquet;

namespace OrleansLake.Cli.Results;

/// <summary>The Parquet format's own names for what a file uses, as other tools print them.</summary>
internal static class ParquetNames
{
    /// <summary>Returns the name of a value, such as <c>snappy</c>.</summary>
    public static string Of(Codec codec) => codec switch
    {
        Codec.None => "none",
        Codec.Lz4Hadoop => "lz4 (hadoop)",
        Codec.Lz4Raw => "lz4_raw",
        _ => JsonNamingPolicy.SnakeCaseLower.ConvertName(codec.ToString()),
    };

    /// <summary>Returns the name of a value, such as <c>RLE_DICTIONARY</c>.</summary>
    public static string Of(PageEncoding encoding) => JsonNamingPolicy.SnakeCaseUpper.ConvertName(encoding.ToString());

    /// <summary>Returns the name of a value, such as <c>byte_array</c>.</summary>
    public static string Of(PhysicalType type) => type == PhysicalType.FixedLengthByteArray ? "fixed_len_byte_array"
        : JsonNamingPolicy.SnakeCaseLower.ConvertName(type.ToString());

    /// <summary>Returns the name of a value, such as <c>timestamp_micros, utc (int96)</c>: what the values mean, and how they are
    /// stored if that says more.</summary>
    public static string Of(ParquetField field)
    {
        string meaning = JsonNamingPolicy.SnakeCaseLower.ConvertName(field.Type.ToString());
        string zone = field.Type == ParquetType.TimestampMicros ? field.IsAdjustedToUtc ? ", utc" : ", local" : "";
        string? stored = field.StoredAs is { } physical && Of(physical) != meaning ? $" ({Of(physical)})" : null;
        return meaning + zone + stored;
    }
}
