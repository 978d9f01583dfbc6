using FsCheck;
using FsCheck.Xunit;
using OrleansLake.Parquet.Internal;

namespace OrleansLake.Parquet.Tests;

public class Crc32Tests
{
    [Fact]
    public void Check_value_of_the_polynomial_is_met() =>
        Assert.Equal(0xCBF43926u, Crc32.Compute("123456789"u8));

    [Property]
    public void Vectors_agree_with_the_scalar_version(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        byte[] bytes = new byte[random.Next(2000)];
        random.NextBytes(bytes);
        Assert.Equal(Crc32.ComputeScalar(bytes), Crc32.Compute(bytes));
    }
}
