namespace OrleansLake.Storage.Tests.Quarantine;

public class QuarantineIdTests
{
    [Theory]
    [InlineData("412.3", 412, 3, 0)]
    [InlineData("2/412.3", 412, 3, 2)]
    [InlineData("1023/0.0", 0, 0, 1023)]
    public void Text_is_read_as_it_is_written(string text, long sequence, int index, int partition)
    {
        Assert.True(QuarantineId.TryParse(text, out QuarantineId id));
        Assert.Equal(new QuarantineId(sequence, index, partition), id);
        Assert.Equal(text, id.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("412")]
    [InlineData(".3")]
    [InlineData("412.")]
    [InlineData("/412.3")]
    [InlineData("-1/412.3")]
    [InlineData("1/2/412.3")]
    [InlineData("1/ 412.3")]
    public void What_is_no_identity_is_not_read(string? text) => Assert.False(QuarantineId.TryParse(text, out _));

    [Fact]
    public void Partitions_come_before_frames_and_these_before_places()
    {
        QuarantineId[] inOrder = [new(0, 0), new(0, 1), new(5, 0), new(0, 0, 1), new(5, 2, 1), new(0, 1, 2)];
        Assert.Equal(inOrder, inOrder.Reverse().Order());
        Assert.True(inOrder[2] < inOrder[3]);
    }
}
