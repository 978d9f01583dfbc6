using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

public class ForeignReadersTests
{
    /// <summary>The judges themselves are judged: four readers of other hands see the same 700 rows in a file of Arrow's.</summary>
    [ForeignFact]
    public void All_readers_see_the_same_rows()
    {
        var file = Fixtures.Path("foreign-parquet/arrow-snappy.parquet");
        var expected = ForeignReaders.Read(ForeignReader.DuckDb, file).Lines;

        Assert.Equal(700, expected.Count);
        Assert.Equal(expected, ForeignReaders.Read(ForeignReader.Polars, file).Lines);
        Assert.Equal(expected, ForeignReaders.Read(ForeignReader.Hyparquet, file).Lines);
        Assert.Equal(expected, ForeignReaders.Read(ForeignReader.ParquetWasm, file).Lines);
    }

    [ForeignFact]
    public void Cells_are_exact()
    {
        var rows = DuckDb.Query(
            "set timezone = 'UTC'",
            "select 9007199254740993::bigint as big, timestamptz '1969-12-31 23:59:59.999999Z' as t, date '0001-01-01' as d, '📧\"' as s, null as n");

        Assert.Equal("[9007199254740993,\"1969-12-31T23:59:59.999999Z\",\"0001-01-01\",\"📧\\\"\",null]", rows.Lines.Single());
    }

    [ForeignFact]
    public void What_a_tool_refuses_comes_back_as_its_message() =>
        Assert.Contains("syntax error", Assert.Throws<ForeignReaderException>(() => DuckDb.Query("selec 1")).Message, StringComparison.Ordinal);
}
