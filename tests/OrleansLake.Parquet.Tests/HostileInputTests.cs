using FsCheck;
using FsCheck.Xunit;
using OrleansLake.TestSupport;

namespace OrleansLake.Parquet.Tests;

/// <summary>Damaged files give the documented exception and nothing else, soon, and within the memory allowed.</summary>
public class HostileInputTests
{
    private const int MutationsPerFile = 60;
    private const int AllocatedBytesMax = 64 << 20;

    private static readonly ParquetReaderOptions Options = new() { ColumnBytesMax = 16 << 20 };

    public static TheoryData<string> Files()
    {
        var files = new TheoryData<string>();
        foreach (string path in Directory.EnumerateFiles(Fixtures.Path("foreign-parquet"), "*.parquet").Order(StringComparer.Ordinal))
        {
            files.Add(Path.GetFileName(path));
        }

        return files;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Mutated_file_of_another_writer_is_read_or_refused(string file)
    {
        byte[] good = File.ReadAllBytes(Fixtures.Path("foreign-parquet/" + file));
        for (int seed = 0; seed < MutationsPerFile && good.Length > 12; seed++)
        {
            Attempt(Mutate(good, seed), $"{file}, seed {seed}");
        }
    }

    [Property(MaxTest = 200)]
    public void Mutated_file_of_ours_is_read_or_refused(DoNotSize<int> seed)
    {
        byte[] good = new RandomTable(seed.Item).Write();
        for (int i = 0; i < 5; i++)
        {
            Attempt(Mutate(good, unchecked((seed.Item * 31) + i)), $"seed {seed}, mutation {i}");
        }
    }

    [Fact]
    public void Every_cut_of_a_file_is_refused()
    {
        byte[] good = File.ReadAllBytes(Fixtures.Path("foreign-parquet/arrow-snappy.parquet"));
        for (int length = 0; length < good.Length; length += 97)
        {
            byte[] cut = good[..length];
            Assert.Throws<ParquetException>(() => ParquetReader.Open(cut, "cut"));
        }
    }

    [Fact]
    public void Every_flipped_bit_of_a_page_with_a_checksum_is_noticed()
    {
        byte[] good = new byte[40_000];
        new Random(3).NextBytes(good);
        using var stream = new MemoryStream();
        using (var writer = new ParquetWriter(stream, new ParquetSchema(new ParquetField("a", ParquetType.Binary, true))))
        {
            writer.WriteRowGroup(new BytesData(good, Enumerable.Range(0, 1001).Select(i => 40 * i).ToArray()));
            writer.Finish();
        }

        byte[] file = stream.ToArray();
        for (int at = 2000; at < 40_000; at += 499)
        {
            byte[] bad = (byte[])file.Clone();
            bad[at] ^= 1;
            using ParquetReader reader = ParquetReader.Open(bad, "bad");
            ParquetException refusal = Assert.Throws<ParquetException>(() => reader.Read(0, "a", new BytesBuffer()));
            Assert.Equal(ParquetErrorKind.CorruptData, refusal.Kind);
        }
    }

    private static byte[] Mutate(byte[] good, int seed)
    {
        var random = new Random(seed);
        byte[] bad = (byte[])good.Clone();
        int footer = Math.Max(8, bad.Length - 8 - BitConverter.ToInt32(bad, bad.Length - 8));
        int edits = random.Next(1, 6);
        for (int i = 0; i < edits; i++)
        {
            // Half of the edits go to the footer: it says how everything else is to be read.
            int at = random.Next(2) == 0 && footer < bad.Length ? random.Next(footer, bad.Length) : random.Next(bad.Length);
            bad[at] = random.Next(4) switch
            {
                0 => (byte)(bad[at] ^ (1 << random.Next(8))),
                1 => 0xFF,
                2 => 0,
                _ => (byte)random.Next(256),
            };
        }

        return bad;
    }

    private static void Attempt(byte[] file, string what)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using ParquetReader reader = ParquetReader.Open(file, what, Options);
            for (int group = 0; group < Math.Min(3, reader.RowGroupCount); group++)
            {
                foreach (ParquetField field in reader.Schema.Fields)
                {
                    ReadOne(reader, group, field);
                }

                foreach (ColumnChunkMetadata chunk in reader.Metadata.RowGroups[group].Columns)
                {
                    _ = chunk.MinText + chunk.MaxText;
                }
            }
        }
        catch (ParquetException e)
        {
            Assert.Equal(what, e.File);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{what}: {e.GetType().Name} instead of ParquetException.", e);
        }

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < AllocatedBytesMax * 4L, what);
    }

    private static void ReadOne(ParquetReader reader, int group, ParquetField field)
    {
        try
        {
            switch (field.Type)
            {
                case ParquetType.Boolean: reader.Read(group, field.Name, new BooleanBuffer()); break;
                case ParquetType.Int32 or ParquetType.Date: reader.Read(group, field.Name, new Int32Buffer()); break;
                case ParquetType.Int64 or ParquetType.TimestampMicros: reader.Read(group, field.Name, new Int64Buffer()); break;
                case ParquetType.Float: reader.Read(group, field.Name, new FloatBuffer()); break;
                case ParquetType.Double: reader.Read(group, field.Name, new DoubleBuffer()); break;
                default: reader.Read(group, field.Name, new BytesBuffer { PreferDirect = group == 1 }); break;
            }
        }
        catch (ParquetException e)
        {
            Assert.Equal(field.Name, e.Column);
        }
    }
}
