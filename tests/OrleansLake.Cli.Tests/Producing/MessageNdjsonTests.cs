using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using OrleansLake.Cli.Producing;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;
using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.Producing;

public class MessageNdjsonTests
{
    [Fact]
    public void Golden_messages_come_back_byte_for_byte()
    {
        using FileStream file = File.OpenRead(Fixtures.Path("golden/events.ndjson.gz"));
        using GZipStream unpacked = new(file, CompressionMode.Decompress);
        using MemoryStream golden = new();
        unpacked.CopyTo(golden);
        MessageBatch batch = new();
        List<Rejection> rejections = [];
        new NdjsonParser(LakeTimeZone.Utc).Parse(golden.ToArray(), 1, 0, batch, rejections);
        Assert.Empty(rejections);
        Assert.Equal(Encoding.UTF8.GetString(golden.ToArray()), Write(batch));
    }

    [Theory]
    [InlineData(IdType.Text, "\"gr\\u00fc\\u00dfe \\\"x\\\"\"", "\"gr\u00fc\u00dfe \\\"x\\\"\"")]
    [InlineData(IdType.Text, "\"\"", "\"\"")]
    [InlineData(IdType.Text, "null", "null")]
    [InlineData(IdType.Number64, "-9223372036854775808", "\"-9223372036854775808\"")]
    [InlineData(IdType.Number64, "5000000000", "5000000000")]
    public void Ids_that_are_no_numbers_of_32_bits_are_written_as_they_are(IdType type, string sent, string written)
    {
        MessageBatch batch = new();
        List<Rejection> rejections = [];
        new NdjsonParser(LakeTimeZone.Utc, ids: new IdTypes(type, IdType.Number32)).Parse(Encoding.UTF8.GetBytes($$"""{"timestamp":"2024-12-16T10:00:00Z","message_id":"a","user_id":{{sent}}}""" + "\n"), 1, 0, batch, rejections);
        Assert.Empty(rejections);
        Assert.EndsWith($",\"user_id\":{written}}}\n", Write(batch), StringComparison.Ordinal);
    }

    [Fact]
    public void Nulls_and_ids_that_are_no_uuid_are_written()
    {
        MessageBatch batch = new();
        batch.Timestamps.AppendNull();
        batch.Values.AppendNull();
        batch.EventTypes.AppendNull();
        batch.MessageIds.AppendNull();
        batch.Channels.AppendNull();
        batch.CountryIds.AppendNull();
        batch.UserIds.AppendNull();
        batch.Timestamps.Append(-1);
        batch.Values.Append("a\"b\\c\n\u0001é"u8);
        batch.EventTypes.Append("\t"u8);
        batch.MessageIds.Append("id\r1"u8);
        batch.Channels.Append(""u8);
        batch.CountryIds.Append(int.MinValue);
        batch.UserIds.Append(int.MaxValue);
        Assert.Equal(
            """
            {"timestamp":null,"value":null,"event_type":null,"message_id":null,"channel":null,"country_id":null,"user_id":null}
            {"timestamp":"1969-12-31T23:59:59.999999Z","value":"a\"b\\c\n\u0001é","event_type":"\t","message_id":"id\r1","channel":"","country_id":-2147483648,"user_id":2147483647}

            """.ReplaceLineEndings("\n"),
            Write(batch));
    }

    [Property]
    public bool Escaped_text_reads_back(string? text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text ?? "");
        byte[] escaped = new byte[JsonText.GrowthMax * utf8.Length];
        int length = JsonText.Escape(utf8, escaped);
        string json = $"\"{Encoding.UTF8.GetString(escaped.AsSpan(0, length))}\"";
        return JsonSerializer.Deserialize<string>(json) == Encoding.UTF8.GetString(utf8);
    }

    private static string Write(MessageBatch batch)
    {
        ArrayBufferWriter<byte> bytes = new();
        MessageNdjson.Write(batch, bytes);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
