using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Server.Sources;

namespace OrleansLake.Server.Tests.Sources;

public sealed class RecordBufferTests
{
    // Of every size, more than an array holds, and again after they were let go of.
    [Fact]
    public void Records_are_what_was_added_whatever_becomes_of_the_bytes_that_they_came_in()
    {
        var buffer = new RecordBuffer();
        byte[] lent = new byte[600_000];
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < 5_000; i++)
            {
                int length = i == 1234 ? lent.Length : i % 300;
                lent.AsSpan(0, length).Fill((byte)(i + round));
                ReadOnlyMemory<byte>? key = (i % 3) switch { 0 => (ReadOnlyMemory<byte>?)null, 1 => ReadOnlyMemory<byte>.Empty, _ => Encoding.UTF8.GetBytes($"key-{i}") };
                buffer.Add(new TopicRecord(i, lent.AsMemory(0, length)) { Key = key, Refusal = i == 7 ? new Refusal(RejectionReason.NotReadable, "it is empty") : null });
            }

            lent.AsSpan().Clear();
            Assert.Equal(5_000, buffer.Count);
            Assert.Equal(buffer.Count, buffer.Records.Count);
            Assert.Equal(buffer.Records.Sum(static record => (long)record.Value.Length), buffer.Bytes);
            for (int i = 0; i < buffer.Count; i++)
            {
                TopicRecord record = buffer.Records[i];
                Assert.Equal(i, record.Offset);
                Assert.Equal(i == 1234 ? lent.Length : i % 300, record.Value.Length);
                Assert.False(record.Value.Span.ContainsAnyExcept((byte)(i + round)));
                Assert.Equal((i % 3) switch { 0 => null, 1 => "", _ => $"key-{i}" }, record.Key is { } kept ? Encoding.UTF8.GetString(kept.Span) : null);
                Assert.Equal(i == 7, record.Refusal is not null);
            }

            buffer.Clear();
            Assert.Equal((0, 0L, 0), (buffer.Count, buffer.Bytes, buffer.Records.Count));
        }
    }
}
