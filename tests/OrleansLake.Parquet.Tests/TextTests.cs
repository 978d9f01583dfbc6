using System.Text;

namespace OrleansLake.Parquet.Tests;

/// <summary>Text that is not UTF-8 is a damaged column, in whichever form it is, unless the caller takes any bytes.</summary>
public class TextTests
{
    [Theory]
    [InlineData("FF")]
    [InlineData("C3")]
    [InlineData("EDA080")]
    [InlineData("F09FA6")]
    public void Text_that_is_not_utf8_is_refused_in_every_form(string hex)
    {
        byte[] bad = Convert.FromHexString(hex);
        foreach (bool isRepeated in (bool[])[false, true])
        {
            byte[][] values = [.. Enumerable.Range(0, 3000).Select(i => i == 1500 ? bad : Encoding.UTF8.GetBytes(isRepeated ? $"größe {i % 7}" : $"größe {i} {i * 7919}"))];
            byte[] file = Write(values, ParquetType.String);
            using ParquetReader reader = ParquetReader.Open(file, "text.parquet");
            ParquetException refusal = Assert.Throws<ParquetException>(() => reader.Read(0, "text", new BytesBuffer()));
            Assert.Equal((ParquetErrorKind.CorruptData, "text", 0), (refusal.Kind, refusal.Column, refusal.RowGroup));
            Assert.Contains("UTF-8", refusal.Message, StringComparison.Ordinal);

            using ParquetReader lenient = ParquetReader.Open(file, "text.parquet", new ParquetReaderOptions { VerifyText = false });
            Assert.Equal(bad, ValueOf(lenient, 1500));
            using ParquetReader binary = ParquetReader.Open(Write(values, ParquetType.Binary), "text.parquet");
            Assert.Equal(bad, ValueOf(binary, 1500));
        }
    }

    [Fact]
    public void Character_split_between_two_values_is_refused_though_all_bytes_together_are_utf8()
    {
        using ParquetReader reader = ParquetReader.Open(Write([[(byte)'a'], [0xC3], [0xBC], [(byte)'b']], ParquetType.String), "text.parquet");
        Assert.Throws<ParquetException>(() => reader.Read(0, "text", new BytesBuffer()));
    }

    private static byte[] ValueOf(ParquetReader reader, int row)
    {
        var buffer = new BytesBuffer();
        reader.Read(0, "text", buffer);
        return buffer[row].ToArray();
    }

    private static byte[] Write(byte[][] values, ParquetType type)
    {
        int[] offsets = new int[values.Length + 1];
        for (int i = 0; i < values.Length; i++)
        {
            offsets[i + 1] = offsets[i] + values[i].Length;
        }

        using var stream = new MemoryStream();
        using var writer = new ParquetWriter(stream, new ParquetSchema(new ParquetField("text", type)));
        writer.WriteRowGroup(new BytesData(values.SelectMany(static value => value).ToArray(), offsets));
        writer.Finish();
        return stream.ToArray();
    }
}
