using OrleansLake.Server.Tests.Api;

namespace OrleansLake.Server.Tests.Security;

/// <summary>The memory that a packed body takes: measured of the whole process, so while no other test runs.</summary>
[Collection(nameof(Alone))]
public class UnpackedMemoryTests
{
    [Fact]
    public async Task A_bomb_is_413_before_memory_is_taken()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.Limits = new LakeServerLimits { UnpackedBytesMax = 1_000_000 });
        byte[] bomb = SendTests.Packed(new byte[200_000_000]);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        using HttpResponseMessage response = await server.PostAsync(bomb, encoding: "gzip");
        Assert.Equal(413, (int)response.StatusCode);
        Assert.True(GC.GetTotalAllocatedBytes(precise: true) - before < 20_000_000);
    }
}
