using OrleansLake.Cli.Producing;

namespace OrleansLake.Cli.Tests.Producing;

public class ParquetFolderSinkTests
{
    [Fact]
    public void Names_are_sparks_and_follow_from_the_seed()
    {
        string folder = Directory.CreateTempSubdirectory("orleanslake-").FullName;
        try
        {
            string name = new ParquetFolderSink(folder, 1).NameOf(12);
            Assert.Matches("^part-00012-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}-c000\\.snappy\\.parquet$", name);
            Assert.Equal(name, new ParquetFolderSink(folder, 1).NameOf(12));
            Assert.NotEqual(name, new ParquetFolderSink(folder, 2).NameOf(12));
            Assert.NotEqual(name[11..], new ParquetFolderSink(folder, 1).NameOf(13)[11..]);
        }
        finally
        {
            Directory.Delete(folder);
        }
    }
}
