namespace OrleansLake.Parquet;

/// <summary>The format's compression codecs; the numbers are the format's own.</summary>
public enum Codec
{
    /// <summary>Not compressed.</summary>
    None = 0,

    /// <summary>Snappy, without framing.</summary>
    Snappy = 1,

    /// <summary>gzip (RFC 1952).</summary>
    Gzip = 2,

    /// <summary>LZO. Neither read nor written.</summary>
    Lzo = 3,

    /// <summary>Brotli (RFC 7932).</summary>
    Brotli = 4,

    /// <summary>LZ4 with Hadoop's framing, deprecated. Read only.</summary>
    Lz4Hadoop = 5,

    /// <summary>Zstandard (RFC 8878): what gzip saves, at a fraction of its time.</summary>
    Zstd = 6,

    /// <summary>The LZ4 block format: compresses about as well as snappy, and faster. For readers of 2021 or later.</summary>
    Lz4Raw = 7,
}
