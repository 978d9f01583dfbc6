using OrleansLake.Sinks.Kafka;

namespace OrleansLake.Server.Tests.Sinks;

public class KafkaReportsTests
{
    [Fact]
    public void An_address_names_brokers_and_what_topics_begin_with()
    {
        Assert.True(KafkaReports.TryParse("kafka://a:9093,b/live.reports?reports=report1&security.protocol=SSL", out KafkaReports? reports, out _));
        Assert.Equal(["a:9093", "b:9092"], reports.Brokers);
        Assert.Equal(("live.reports.report1", "report1"), (reports.TopicOf("report1"), Assert.Single(reports.Reports)));
        Assert.Equal("SSL", reports.Address.ReadSettings()["security.protocol"]);
        Assert.Equal("the topics 'live.reports.*' at a:9093,b:9092", reports.ToString());
    }

    [Theory]
    [InlineData("kafka://h", "an address names what the topics begin with: kafka://host:9092/prefix")]
    [InlineData("kafka://h/a b", "'a b' is not a topic's name")]
    [InlineData("kafka://h/t?start=1", "there is no parameter 'start'; there are reports, config")]
    [InlineData("kafka://h/t?transactional.id=x", "transactional.id= cannot be set, which this sink decides")]
    [InlineData("kafka://h/t?sasl.password=secret", "sasl.password= is a secret")]
    public void What_is_wrong_with_an_address_is_said(string address, string error)
    {
        Assert.False(KafkaReports.TryParse(address, out _, out string? said));
        Assert.StartsWith(error, said, StringComparison.Ordinal);
    }
}
