using System.Diagnostics;

namespace OrleansLake.Parquet.Tests.Fuzzing;

/// <summary>
/// Reads a damaged file in every way there is, and holds what docs/formats/parquet.md promises: no exception but
/// <see cref="ParquetException"/> with the file's name, no hang, memory within bounds.
/// </summary>
internal static class FuzzTarget
{
    /// <summary>The limit given to the reader for a column.</summary>
    public const long ColumnBytesMax = 4 << 20;

    // Arrays grow by doubling, what they held before included, and a narrower column is read before it is widened.
    private const long AllocatedPerColumn = 6 * ColumnBytesMax;

    // A footer's smallest element, a schema node of two bytes, becomes an object of about a hundred.
    private const long OpenedPerFileByte = 256;
    private const long OpenedFloor = 64 << 10;
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(1);

    /// <summary>Throws if a promise is broken.</summary>
    public static void Run(byte[] file, string name)
    {
        // Another process may have held the processor: what is slow is slow twice more.
        if (Attempt(file, name) > TimeMax && Attempt(file, name) > TimeMax && Attempt(file, name) > TimeMax)
        {
            throw new InvalidOperationException($"{name}: reading took longer than {TimeMax}.");
        }
    }

    private static TimeSpan Attempt(byte[] file, string name)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        Guarded(name, () =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            ParquetReader reader;
            try
            {
                // From memory, and through the window in which files and streams are read.
                var options = new ParquetReaderOptions
                {
                    ColumnBytesMax = ColumnBytesMax,
                    VerifyChecksums = file.Length % 4 == 0,
                    VerifyText = file.Length % 3 != 0,
                };
                reader = file.Length % 2 == 0 ? ParquetReader.Open(file, name, options) : ParquetReader.Open(new MemoryStream(file), name, options);
            }
            finally
            {
                Hold(name, "opening", before, OpenedFloor + (OpenedPerFileByte * file.Length));
            }

            using (reader)
            {
                for (int group = 0; group < Math.Min(2, reader.RowGroupCount); group++)
                {
                    foreach (ParquetField field in reader.Schema.Fields.Take(10))
                    {
                        ReadColumn(reader, group, field, name);
                    }

                    foreach (ParquetColumn column in reader.Columns.SelectMany(LeavesOf).Take(10))
                    {
                        long allocated = GC.GetAllocatedBytesForCurrentThread();
                        Guarded(name, () => ReadStored(reader, group, column));
                        Hold(name, column.Name, allocated, AllocatedPerColumn);
                    }

                    foreach (ColumnChunkMetadata chunk in reader.Metadata.RowGroups[group].Columns)
                    {
                        _ = chunk.MinText + chunk.MaxText;
                    }
                }
            }
        });
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        TimeSpan used = Environment.CpuUsage.TotalTime - cpu;
        return used < elapsed ? used : elapsed;
    }

    private static void ReadColumn(ParquetReader reader, int group, ParquetField field, string name)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Guarded(name, () => Read(reader, group, field, null));
        Hold(name, field.Name, before, AllocatedPerColumn);
        before = GC.GetAllocatedBytesForCurrentThread();
        Guarded(name, () =>
        {
            _ = reader.IntegerBoundsOf(group, field.Name);
            _ = reader.RealBoundsOf(group, field.Name);
            _ = reader.BytesBoundsOf(group, field.Name);
            IReadOnlyList<RowRange> rows = field.Type switch
            {
                ParquetType.Boolean => [],
                ParquetType.Float or ParquetType.Double => reader.Find(group, ColumnRange.Between(field.Name, 0.5, 1.5)),
                ParquetType.String or ParquetType.Binary => reader.Find(group, ColumnRange.EqualTo(field.Name, "CHAT")),
                _ => reader.Find(group, ColumnRange.EqualTo(field.Name, 42)),
            };
            Read(reader, group, field, rows);
            int count = reader.RowCountOf(group);
            Read(reader, group, field, count < 2 ? [] : [new RowRange(count / 2, 1)]);
        });
        Hold(name, field.Name, before, 2 * AllocatedPerColumn);
    }

    private static void Read(ParquetReader reader, int group, ParquetField field, IReadOnlyList<RowRange>? rows)
    {
        switch (field.Type)
        {
            case ParquetType.Boolean: reader.Read(group, field.Name, new BooleanBuffer(), rows); break;
            case ParquetType.Int32 or ParquetType.Date: reader.Read(group, field.Name, new Int32Buffer(), rows); break;
            case ParquetType.Int64 or ParquetType.TimestampMicros: reader.Read(group, field.Name, new Int64Buffer(), rows); break;
            case ParquetType.Float: reader.Read(group, field.Name, new FloatBuffer(), rows); break;
            case ParquetType.Double: reader.Read(group, field.Name, new DoubleBuffer(), rows); break;
            default: reader.Read(group, field.Name, new BytesBuffer { PreferDirect = group % 2 == 0 }, rows); break;
        }
    }

    // In structs, which only what is stored is read of.
    private static IEnumerable<ParquetColumn> LeavesOf(ParquetColumn column) =>
        column.IsRepeated ? [] : column.StoredAs is null ? column.Fields.SelectMany(LeavesOf) : [column];

    private static void ReadStored(ParquetReader reader, int group, ParquetColumn column)
    {
        ColumnBuffer into = column.StoredAs switch
        {
            PhysicalType.Boolean => new BooleanBuffer(),
            PhysicalType.Int32 => new Int32Buffer(),
            PhysicalType.Int64 or PhysicalType.Int96 => new Int64Buffer(),
            PhysicalType.Float => new FloatBuffer(),
            PhysicalType.Double => new DoubleBuffer(),
            _ => new BytesBuffer(),
        };
        reader.ReadStored(group, column, into);
        foreach (byte level in into.DefinitionLevels)
        {
            if (level > column.DefinitionLevel)
            {
                throw new InvalidOperationException($"A level is {level}, and the schema has {column.DefinitionLevel}.");
            }
        }
    }

    private static void Guarded(string name, Action run)
    {
        try
        {
            run();
        }
        catch (ParquetException e) when (e.File == name)
        {
            // The documented outcome.
        }
    }

    private static void Hold(string name, string what, long before, long bytesMax)
    {
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        if (bytes > bytesMax)
        {
            throw new InvalidOperationException($"{name}: {what} allocated {bytes} bytes, more than {bytesMax}.");
        }
    }
}
