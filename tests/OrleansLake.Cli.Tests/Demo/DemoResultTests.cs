using OrleansLake.Cli.Demo;

namespace OrleansLake.Cli.Tests.Demo;

public class DemoResultTests
{
    [Fact]
    public void Lines_can_be_pasted_whatever_the_folder_is_called()
    {
        Assert.Contains("read_parquet('./lake/silver/messages/data/**/*.parquet', hive_partitioning = true)", DemoResult.DuckDb("./lake"), StringComparison.Ordinal);
        Assert.Contains("'o''brien \\$x \\\"y\\\"/silver", DemoResult.DuckDb("o'brien $x \"y\""), StringComparison.Ordinal);
        Assert.StartsWith("spark.read.parquet(\"a \\\"b\\\"/silver/messages/data\")", DemoResult.Spark("a \"b\""), StringComparison.Ordinal);
    }
}
