using OrleansLake.Sources.Kafka;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Sources;

public class KafkaTopicsTests
{
    [Fact]
    public void An_address_names_brokers_topics_and_how_they_are_read()
    {
        Assert.True(KafkaTopics.TryParse("kafka://a:9093,b,[::1]:7/messages,^ev.*?mapping=one&start=2024-12-16T10:00:00Z&group=g&cluster=c&gap=skip&security.protocol=SSL", out KafkaTopics? topics, out _));
        Assert.Equal(["a:9093", "b:9092", "[::1]:7"], topics.Brokers);
        Assert.Equal(["messages", "^ev.*"], topics.Names);
        Assert.Equal(("one", "2024-12-16T10:00:00Z", "g", "c", true), (topics.Mapping, topics.Start, topics.Group, topics.Cluster, topics.SkipsGaps));
        Assert.Equal("SSL", topics.ReadSettings()["security.protocol"]);
        Assert.Equal("the topics 'messages', '^ev.*' at a:9093,b:9092,[::1]:7", topics.ToString());
    }

    [Theory]
    [InlineData("kafka:/x", "expected an address such as kafka://host:9092/topic")]
    [InlineData("kafka://h:9092", "an address names a topic")]
    [InlineData("kafka:///t", "an address names a broker")]
    [InlineData("kafka://u:secret@h/t", "a user and a password are settings of librdkafka (sasl.username, sasl.password): write them into a file")]
    [InlineData("kafka://h:x/t", "'h:x' is not a broker's host:port")]
    [InlineData("kafka://h/a b", "'a b' is not a topic's name")]
    [InlineData("kafka://h/^(", "'^(' is not a regular expression")]
    [InlineData("kafka://h/t?maping=x", "there is no parameter 'maping'; there are mapping, start, group, cluster, gap, config")]
    [InlineData("kafka://h/t?start=soon", "start= is to be earliest, latest, an offset, or a time")]
    [InlineData("kafka://h/t?gap=x", "gap= is to be stop or skip")]
    [InlineData("kafka://h/t?mapping=Bad%20Name", "mapping= is to be the name of a mapping")]
    [InlineData("kafka://h/t?sasl.password=secret", "sasl.password= is a secret, which others see on a command line")]
    [InlineData("kafka://h/t?group.id=x", "group.id= cannot be set, which is group= of the address")]
    [InlineData("kafka://h/t?group=", "group= is empty")]
    [InlineData("kafka://h/t?start=1&start=2", "start= occurs twice")]
    public void What_is_wrong_with_an_address_is_said_without_its_password(string address, string error)
    {
        Assert.False(KafkaTopics.TryParse(address, out _, out string? said));
        Assert.StartsWith(error, said, StringComparison.Ordinal);
        Assert.DoesNotContain("=secret", said, StringComparison.Ordinal);
        Assert.DoesNotContain(":secret", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_a_file_are_read_and_those_that_the_source_decides_are_refused()
    {
        using var scratch = new ScratchFolder();
        Assert.True(KafkaTopics.TryParse($"kafka://h/t?config={scratch.Write("a.properties", "# a comment\nsasl.username = u\n\nsasl.password=p=1\n")}&sasl.username=other", out KafkaTopics? topics, out _));
        Assert.Equal(("other", "p=1"), (topics.ReadSettings()["sasl.username"], topics.ReadSettings()["sasl.password"]));
        string wrong = scratch.Write("b.properties", "fetch.min.bytes=1\nenable.auto.commit=true\n");
        Assert.True(KafkaTopics.TryParse($"kafka://h/t?config={wrong}", out topics, out _));
        Assert.Equal($"line 2 of {wrong} sets enable.auto.commit, which this source decides: offsets are stored in the lake", Assert.Throws<FormatException>(topics.ReadSettings).Message);
    }
}
