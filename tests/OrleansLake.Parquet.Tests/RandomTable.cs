using System.Text;

namespace OrleansLake.Parquet.Tests;

/// <summary>A schema, options and rows that follow from a seed alone, with what stresses a writer: extremes, runs, nulls.</summary>
internal sealed class RandomTable
{
    private static readonly ParquetType[] Types = Enum.GetValues<ParquetType>();
    private static readonly Codec[] Codecs = [Codec.Snappy, Codec.None, Codec.Gzip, Codec.Brotli, Codec.Lz4Raw, Codec.Zstd];
    private static readonly string[] Words = ["", "a", "CHAT", "EMAIL", "größe", "日本語", "🦊", "\u0000", "\uFFFF", "\U0010FFFF"];

    private readonly Random _random;

    public RandomTable(int seed)
    {
        _random = new Random(seed);
        int fields = _random.Next(1, 8);
        var made = new List<ParquetField>();
        for (int i = 0; i < fields; i++)
        {
            made.Add(new ParquetField($"c{i}", Types[_random.Next(Types.Length)], _random.Next(4) == 0)
            {
                IsAdjustedToUtc = _random.Next(2) == 0,
            });
        }

        Schema = new ParquetSchema(made);
        Options = new ParquetWriterOptions
        {
            Codec = Codecs[_random.Next(Codecs.Length)],
            RowGroupRowsMax = _random.Next(3) == 0 ? _random.Next(1, 700) : 1 << 20,
            PageRowsMax = _random.Next(2) == 0 ? _random.Next(1, 300) : 20_000,
            PageBytesMax = _random.Next(2) == 0 ? _random.Next(16, 5000) : 1 << 20,
            DictionaryBytesMax = _random.Next(3) == 0 ? _random.Next(0, 300) : 1 << 20,
            HasPageIndex = _random.Next(4) != 0,
            HasPageChecksums = _random.Next(4) != 0,
            BloomFilterColumns = [.. made.Where(field => HasBloomFilter(field.Type) && _random.Next(3) == 0).Select(field => field.Name)],
            BloomFilterFalsePositives = _random.Next(2) == 0 ? 0.01 : 0.3,
        };
        int batches = _random.Next(0, 3);
        for (int i = 0; i < batches; i++)
        {
            int rows = _random.Next(5) switch { 0 => 0, 1 => 1, 2 => _random.Next(2, 70), _ => _random.Next(70, 3000) };
            Batches.Add([.. made.Select(field => Column(field, rows))]);
        }
    }

    public ParquetSchema Schema { get; }

    public ParquetWriterOptions Options { get; }

    public List<ColumnData[]> Batches { get; } = [];

    public byte[] Write(int threads = 1)
    {
        using var stream = new MemoryStream();
        using var writer = new ParquetWriter(stream, Schema, Options with { Threads = threads });
        foreach (ColumnData[] batch in Batches)
        {
            writer.WriteRowGroup(batch);
        }

        writer.Finish();
        return stream.ToArray();
    }

    /// <summary>The same with the batches queued, each task awaited only at the end.</summary>
    public async Task<byte[]> WriteQueued(int threads)
    {
        using var stream = new MemoryStream();
        using var writer = new ParquetWriter(stream, Schema, Options with { Threads = threads });
        Task[] written = [.. Batches.Select(batch => writer.QueueRowGroup(batch))];
        writer.Finish();
        await Task.WhenAll(written);
        return stream.ToArray();
    }

    /// <summary>A column's rows as text, a null as null.</summary>
    public List<string?> Expected(int column)
    {
        var rows = new List<string?>();
        foreach (ColumnData[] batch in Batches)
        {
            for (int row = 0; row < batch[column].Count; row++)
            {
                rows.Add(TextOf(batch[column], row));
            }
        }

        return rows;
    }

    public static string? TextOf(ColumnData data, int row)
    {
        if (data.IsNull(row))
        {
            return null;
        }

        return data switch
        {
            Int32Data numbers => $"{numbers.Values.Span[row]}",
            Int64Data numbers => $"{numbers.Values.Span[row]}",
            FloatData numbers => $"{BitConverter.SingleToUInt32Bits(numbers.Values.Span[row]):x}",
            DoubleData numbers => $"{BitConverter.DoubleToUInt64Bits(numbers.Values.Span[row]):x}",
            BooleanData truths => $"{truths.Values.Span[row]}",
            BytesData bytes => Convert.ToHexString(bytes[row]),
            _ => throw new NotSupportedException(),
        };
    }

    private static bool HasBloomFilter(ParquetType type) =>
        type is ParquetType.Int32 or ParquetType.Int64 or ParquetType.Date or ParquetType.TimestampMicros or ParquetType.String;

    private ColumnData Column(ParquetField field, int rows)
    {
        ulong[] validity = Validity(field.IsRequired ? 0 : _random.Next(5), rows);
        int pattern = _random.Next(7);
        return field.Type switch
        {
            ParquetType.Boolean => new BooleanData(Fill(rows, i => Number(pattern, i) % 2 == 0), validity),
            ParquetType.Int32 or ParquetType.Date => new Int32Data(Fill(rows, i => (int)Number(pattern, i)), validity),
            ParquetType.Int64 or ParquetType.TimestampMicros => new Int64Data(Fill(rows, i => Number(pattern, i)), validity),
            ParquetType.Float => new FloatData(Fill(rows, i => (float)Real(pattern, i)), validity),
            ParquetType.Double => new DoubleData(Fill(rows, i => Real(pattern, i)), validity),
            _ => Bytes(rows, pattern, field.Type == ParquetType.String, validity),
        };
    }

    private BytesData Bytes(int rows, int pattern, bool isText, ulong[] validity)
    {
        bool isDictionary = _random.Next(2) == 0;
        int entries = isDictionary ? _random.Next(1, 300) : rows;
        using var bytes = new MemoryStream();
        int[] offsets = new int[entries + 1];
        for (int i = 0; i < entries; i++)
        {
            bytes.Write(Text(pattern, i, isText));
            offsets[i + 1] = (int)bytes.Length;
        }

        return isDictionary
            ? BytesData.OfDictionary(bytes.ToArray(), offsets, Fill(rows, i => pattern == 1 ? i / 100 % entries : _random.Next(entries)), validity)
            : new BytesData(bytes.ToArray(), offsets, validity);
    }

    private byte[] Text(int pattern, int i, bool isText)
    {
        if (!isText && pattern < 3)
        {
            byte[] noise = new byte[_random.Next(100)];
            _random.NextBytes(noise);
            noise.AsSpan(0, _random.Next(noise.Length + 1)).Fill(0xFF);
            return noise;
        }

        return Encoding.UTF8.GetBytes(pattern switch
        {
            0 => Words[_random.Next(Words.Length)],
            1 => Words[i / 40 % Words.Length],
            2 => $"{i}",
            3 => string.Concat(Enumerable.Repeat(Words[_random.Next(Words.Length)], _random.Next(70))),
            4 => "same",
            5 => new string('\uFFFD', 30) + i,
            _ => $"{_random.Next():x8}-{_random.Next():x8}-{_random.Next():x8}",
        });
    }

    private long Number(int pattern, int i) => pattern switch
    {
        0 => _random.Next(16),
        1 => i / 50,
        2 => 1_700_000_000_000_000 + (i * 1000L) + _random.Next(5000),
        3 => _random.Next(4) switch { 0 => long.MinValue, 1 => long.MaxValue, 2 => int.MinValue, _ => int.MaxValue },
        4 => 42,
        5 => -i,
        _ => _random.NextInt64(long.MinValue, long.MaxValue),
    };

    private double Real(int pattern, int i) => pattern switch
    {
        0 => _random.Next(4),
        1 => double.NaN,
        2 => i % 3 == 0 ? double.NaN : i,
        3 => _random.Next(4) switch { 0 => double.NegativeInfinity, 1 => double.MaxValue, 2 => -0.0, _ => 0.0 },
        4 => 0.5,
        5 => -i,
        _ => _random.NextDouble() * 1e30,
    };

    private ulong[] Validity(int pattern, int rows)
    {
        ulong[] words = new ulong[(rows + 63) / 64];
        for (int row = 0; row < rows; row++)
        {
            bool isValid = pattern switch
            {
                1 => false,
                2 => _random.Next(10) != 0,
                3 => row / 90 % 2 == 0,
                _ => true,
            };
            words[row / 64] |= (isValid ? 1UL : 0) << (row % 64);
        }

        return pattern == 0 ? [] : words;
    }

    private static T[] Fill<T>(int rows, Func<int, T> value)
    {
        var values = new T[rows];
        for (int i = 0; i < rows; i++)
        {
            values[i] = value(i);
        }

        return values;
    }
}
