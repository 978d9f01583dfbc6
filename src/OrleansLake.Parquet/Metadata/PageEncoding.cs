namespace OrleansLake.Parquet;

/// <summary>The format's encodings; the numbers are the format's own.</summary>
public enum PageEncoding
{
    /// <summary>The values one after the other.</summary>
    Plain = 0,

    /// <summary>The older name of <see cref="RleDictionary"/>.</summary>
    PlainDictionary = 2,

    /// <summary>Runs and bit-packed groups.</summary>
    Rle = 3,

    /// <summary>Bit-packed levels, most significant bit first. Deprecated.</summary>
    BitPacked = 4,

    /// <summary>Differences of integers, bit-packed in blocks.</summary>
    DeltaBinaryPacked = 5,

    /// <summary>All lengths as differences, then all bytes.</summary>
    DeltaLengthByteArray = 6,

    /// <summary>Shared prefixes and the rest.</summary>
    DeltaByteArray = 7,

    /// <summary>Indices of a dictionary, as runs and bit-packed groups.</summary>
    RleDictionary = 8,

    /// <summary>First bytes of all values, then second bytes, and so on.</summary>
    ByteStreamSplit = 9,
}
