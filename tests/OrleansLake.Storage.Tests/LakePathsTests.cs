namespace OrleansLake.Storage.Tests;

public class LakePathsTests
{
    [Fact]
    public void Data_file_names_are_read_back()
    {
        var name = new DataFileName(new PartitionId(3), new Epoch(12), 2000, 3999);
        Assert.Equal("part-p00003-e0000000012-00000000000000002000-00000000000000003999.parquet", name.ToString());
        string path = LakePaths.DataFile(DataKind.Messages, "2024-12-16", name);
        Assert.Equal($"silver/messages/data/date=2024-12-16/{name}", path);
        Assert.True(DataFileName.TryParse(path, out DataFileName read, out bool isTemporary));
        Assert.Equal(name, read);
        Assert.False(isTemporary);
        Assert.True(DataFileName.TryParse(LakePaths.Temporary(path), out read, out isTemporary));
        Assert.Equal(name, read);
        Assert.True(isTemporary);
    }

    [Theory]
    [InlineData("part-00000-3f1c-c000.snappy.parquet")]
    [InlineData("part-p00003-e0000000012-00000000000000002000-0000000000000000399x.parquet")]
    [InlineData("part-p00003-e0000000012-00000000000000002000-00000000000000003999.csv")]
    [InlineData("")]
    public void Names_of_others_are_not_taken_for_ours(string name) => Assert.False(DataFileName.TryParse(name, out _, out _));

    [Fact]
    public void Segments_states_and_temporaries_tell_their_owner()
    {
        string segment = LakePaths.Segment(default, new Epoch(7), 9);
        Assert.True(LakePaths.TryParseSegment(segment, out Epoch epoch, out long number));
        Assert.Equal((new Epoch(7), 9L), (epoch, number));
        string state = LakePaths.State(default, "snapshot", new Epoch(8), 5, 2);
        Assert.True(LakePaths.TryParseState(LakePaths.Temporary(state), out epoch, out number));
        Assert.Equal((new Epoch(8), 5L), (epoch, number));
        Assert.True(LakePaths.TryParseEpoch(LakePaths.GoldTemporary("report1", new Epoch(4)), out epoch));
        Assert.Equal(new Epoch(4), epoch);
        Assert.False(LakePaths.TryParseEpoch(LakePaths.GoldFile("report1"), out _));
    }
}
