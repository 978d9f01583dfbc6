using System.Reflection;

namespace OrleansLake.Parquet;

/// <summary>The options of a <see cref="ParquetWriter"/>. The bytes depend on the rows and these options alone; never on threads or time.</summary>
public sealed record ParquetWriterOptions
{
    /// <summary>
    /// Gets the codec of column chunks that compress: those that do not are stored as they are. Snappy, because every
    /// reader has it and it costs next to nothing; also <see cref="Codec.None"/>, <see cref="Codec.Lz4Raw"/>, <see cref="Codec.Zstd"/>,
    /// <see cref="Codec.Gzip"/> and <see cref="Codec.Brotli"/>.
    /// </summary>
    public Codec Codec { get; init; } = Codec.Snappy;

    /// <summary>Gets the most rows in a row group: a larger batch is split. A million, as most readers expect.</summary>
    public int RowGroupRowsMax { get; init; } = 1 << 20;

    /// <summary>Gets the most rows in a page. 20,000 as in parquet-java: small enough to skip by.</summary>
    public int PageRowsMax { get; init; } = 20_000;

    /// <summary>Gets the size in bytes at which a page ends, before compression (one value may exceed it).</summary>
    public int PageBytesMax { get; init; } = 1 << 20;

    /// <summary>Gets the size in bytes beyond which a dictionary is given up.</summary>
    public int DictionaryBytesMax { get; init; } = 1 << 20;

    /// <summary>Gets a value indicating whether the column and offset indexes are written, by which readers skip pages.</summary>
    public bool HasPageIndex { get; init; } = true;

    /// <summary>Gets a value indicating whether every page carries the CRC-32 of its bytes.</summary>
    public bool HasPageChecksums { get; init; } = true;

    /// <summary>Gets the length in bytes to which the bounds of text and binary columns are cut.</summary>
    public int BoundBytesMax { get; init; } = 64;

    /// <summary>
    /// Gets the number of threads that may encode and write at the same time, the caller included while it waits; beyond one they are
    /// of the thread pool. See <see cref="ParquetWriter"/> for what runs side by side and what that takes in memory.
    /// </summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// Gets the columns that get a bloom filter in every row group, by which readers skip row groups without a value. It
    /// costs about ten bits for each distinct value at the rate below; worth it for columns looked up by equality whose
    /// values are many and not sorted. For integers, dates, timestamps and text: truth values have none in the format,
    /// floating point has values of several bit patterns, and of binary DuckDB (1.5) loses rows, in its own files too.
    /// </summary>
    public IReadOnlyList<string> BloomFilterColumns { get; init; } = [];

    /// <summary>Gets the part of look-ups of absent values that a bloom filter fails to turn away, between 0 and 1.</summary>
    public double BloomFilterFalsePositives { get; init; } = 0.01;

    /// <summary>Gets the key-value metadata of the file; written in the order of the keys.</summary>
    public IReadOnlyDictionary<string, string> KeyValueMetadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the order that the rows are in.</summary>
    public IReadOnlyList<SortingColumn> SortOrder { get; init; } = [];

    /// <summary>Gets the name of the program that wrote the file.</summary>
    public string CreatedBy { get; init; } = DefaultCreatedBy;

    // Readers parse "name version x.y.z (build hash)" to work around the bugs of old writers.
    private static string DefaultCreatedBy { get; } =
        $"OrleansLake version {typeof(ParquetWriterOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0"}";

    internal void Validate(ParquetSchema schema)
    {
        if (Codec is not (Codec.None or Codec.Snappy or Codec.Gzip or Codec.Brotli or Codec.Lz4Raw or Codec.Zstd))
        {
            throw new ArgumentException($"Codec {Codec} is not written.");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(RowGroupRowsMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PageRowsMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PageBytesMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PageBytesMax, 1 << 28);
        ArgumentOutOfRangeException.ThrowIfNegative(DictionaryBytesMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(DictionaryBytesMax, 1 << 28);
        ArgumentOutOfRangeException.ThrowIfLessThan(BoundBytesMax, 16);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Threads);
        if (BloomFilterFalsePositives is not (> 0 and < 1))
        {
            throw new ArgumentException($"A part of {BloomFilterFalsePositives} false positives is not above 0 and below 1.");
        }

        foreach (string column in BloomFilterColumns)
        {
            int index = schema.IndexOf(column);
            if (index < 0 || schema.Fields[index].Type is ParquetType.Boolean or ParquetType.Float or ParquetType.Double or ParquetType.Binary)
            {
                throw new ArgumentException($"A bloom filter is asked for '{column}', which is not a column of integers, dates, timestamps or text.");
            }
        }

        foreach (SortingColumn sorting in SortOrder)
        {
            if (schema.IndexOf(sorting.Column) < 0)
            {
                throw new ArgumentException($"The sort order names '{sorting.Column}', which is not a column.");
            }
        }
    }
}
