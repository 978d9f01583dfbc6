using System.Text;
using FsCheck.Xunit;
using OrleansLake.Storage.Checksums;

namespace OrleansLake.Storage.Tests;

public class Crc32CTests
{
    [Theory]
    [InlineData("", 0u)]
    [InlineData("a", 0xC1D04330u)]
    [InlineData("123456789", 0xE3069283u)]
    public void Known_values_come_out(string text, uint crc) => Assert.Equal(crc, Crc32C.Of(Encoding.ASCII.GetBytes(text)));

    [Property(MaxTest = 50)]
    public void Instruction_and_table_agree_at_every_length(int seed)
    {
        var random = new Random(seed);
        byte[] bytes = new byte[random.Next(30_000)];
        random.NextBytes(bytes);
        Assert.Equal(Crc32C.AppendByTable(0, bytes), Crc32C.Of(bytes));
        int cut = random.Next(bytes.Length + 1);
        Assert.Equal(Crc32C.Of(bytes), Crc32C.Append(Crc32C.Of(bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
    }
}
