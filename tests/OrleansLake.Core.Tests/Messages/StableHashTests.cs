using System.Text;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Tests.Messages;

/// <summary>These values are on disk wherever a lake is: they were computed from the definition, by another program.</summary>
public class StableHashTests
{
    [Theory]
    [InlineData("", 0x758792395e2fda9a)]
    [InlineData("a", 0x391bbe621249d894)]
    [InlineData("NONE", 0x13bdce7a511fb5f7)]
    [InlineData("CHAT", 0x33184394ae7c8b80)]
    [InlineData("RECEIVED", 0x454fc9f711c0cc4b)]
    [InlineData("0123456789abcdef", 0x24c7cc419deeaf69)]
    [InlineData("460e5646-0012-42c8-a98e-0fd4e250b3fe", 0x83713e84b47690cf)]
    [InlineData("Ｇrüße 😀", 0x4623274fd8647b22)]
    public void The_hash_of_a_text_never_changes(string text, ulong hash) =>
        Assert.Equal(hash, StableHash.OfText(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void The_hash_of_an_id_never_changes()
    {
        Assert.Equal(0x803d21464d6cc936, StableHash.OfBits(0x460e5646001242c8, 0xa98e0fd4e250b3fe));
        Assert.Equal(0x1778fb0349ecc69eUL, StableHash.OfBits(0, 0));
        var ids = new MessageIdColumn();
        ids.Append("460e5646-0012-42c8-a98e-0fd4e250b3fe"u8);
        ids.Append("NONE"u8);
        ids.AppendNull();
        Assert.Equal(0x803d21464d6cc936, ids.Hash(0));
        Assert.Equal(0x13bdce7a511fb5f7UL, ids.Hash(1));
        Assert.Equal(0UL, ids.Hash(2));
    }
}
