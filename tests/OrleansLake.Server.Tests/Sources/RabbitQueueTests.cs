using OrleansLake.Client;
using OrleansLake.Sources.RabbitMq;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Sources;

public class RabbitQueueTests
{
    [Theory]
    [InlineData("rabbitmq://host", "host", 5672, false, "guest", "/", "messages")]
    [InlineData("rabbitmq://host/?queue=q", "host", 5672, false, "guest", "/", "q")]
    [InlineData("amqp://u%40x:p%2Fw@host:1234/v%2Fh?queue=a%20b%2F%26", "host", 1234, false, "u@x", "v/h", "a b/&")]
    [InlineData("amqps://u@host/v?queue=q&prefetch=5", "host", 5671, true, "u", "v", "q")]
    [InlineData("rabbitmqs://[::1]:1/%2F?queue=q", "::1", 1, true, "guest", "/", "q")]
    public void An_address_says_where_the_queue_is(string address, string host, int port, bool isTls, string user, string virtualHost, string name)
    {
        Assert.True(RabbitQueue.TryParse(address, out RabbitQueue? queue, out _));
        Assert.Equal((host, port, isTls, user, virtualHost, name), (queue.Host, queue.Port, queue.IsTls, queue.UserName, queue.VirtualHost, queue.Name));
    }

    [Theory]
    [InlineData("rabbitmq://u:SECRET@h/?quue=x", "no parameter 'quue'")]
    [InlineData("rabbitmq://u:SECRET@h/?Queue=x", "no parameter 'Queue'")]
    [InlineData("rabbitmq://u:SECRET@h/?queue=", "queue=")]
    [InlineData("rabbitmq://u:SECRET@h/?queue", "queue=")]
    [InlineData("rabbitmq://u:SECRET@h/?queue=a&queue=b", "twice")]
    [InlineData("rabbitmq://u:SECRET@h/?queue=a&prefetch=0", "prefetch=")]
    [InlineData("rabbitmq://u:SECRET@h/?queue=a&prefetch=70000", "prefetch=")]
    [InlineData("rabbitmq://u:SECRET@h/?queue=a&offset=middle", "offset=")]
    [InlineData("rabbitmq://u:SECRET@h/?queue=a&mapping=", "mapping=")]
    [InlineData("rabbitmq://u:SECRET@h/?queue=a&mapping=One", "mapping=")]
    [InlineData("rabbitmq://u:SECRET@h/?queue=a&password-file=f", "the address then has none")]
    [InlineData("rabbitmq://h/?queue=a&password-file=f", "password-file=")]
    [InlineData("rabbitmq://u@h/?queue=a&password-file=", "password-file=")]
    [InlineData("rabbitmq://u:SECRET@h/a/b?queue=x", "virtual host")]
    [InlineData("rabbitmq://u:SECRET@h/?queue=a#b", "#")]
    [InlineData("rabbitmq://u:SEC/RET@h/?queue=a", "%2F")]
    [InlineData("http://u:SECRET@h/?queue=a", "rabbitmq://")]
    [InlineData("rabbitmq:SECRET", "rabbitmq://")]
    [InlineData("SECRET", "rabbitmq://")]
    [InlineData("", "rabbitmq://")]
    public void What_is_wrong_is_named_without_what_may_be_a_password(string address, string said)
    {
        Assert.False(RabbitQueue.TryParse(address, out _, out string? error));
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.DoesNotContain("SEC", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rabbitmq://u:SECRET@h/?stream=a&queue=b", "queue= is for queues, and stream= names a stream")]
    [InlineData("rabbitmq://u:SECRET@h/?stream=a&offset=first", "where a stream is read from at first is start=")]
    [InlineData("rabbitmq://u:SECRET@h/?queue=a&gap=skip", "gap= is for streams, which stream= names")]
    [InlineData("rabbitmq://u:SECRET@h/?stream=a&gap=x", "gap= is to be stop or skip")]
    [InlineData("rabbitmq://u:SECRET@h/?stream=a&start=soon", "start= is to be earliest, latest, or an offset")]
    [InlineData("rabbitmq://u:SECRET@h/?stream=", "stream= is to be a stream's name")]
    public void What_is_for_streams_and_what_for_queues_is_distinguished(string address, string said)
    {
        Assert.False(RabbitQueue.TryParse(address, out _, out string? error));
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_is_the_address_s_that_of_its_file_or_that_of_the_environment()
    {
        using var scratch = new ScratchFolder();
        string file = scratch["password"];
        Assert.Equal("p/w", PasswordOf("rabbitmq://u:p%2Fw@h"));
        Assert.Equal(Environment.GetEnvironmentVariable("RABBITMQ_PASSWORD") ?? "", PasswordOf("rabbitmq://u@h"));
        string address = $"rabbitmq://u@h/?queue=a&password-file={Uri.EscapeDataString(file)}";
        SourceException missing = Assert.Throws<SourceException>(() => PasswordOf(address));
        Assert.Equal($"the password's file {file} cannot be read: there is no such file", missing.Message);
        File.WriteAllText(file, "from a file\n");
        Assert.Equal("from a file", PasswordOf(address));

        static string PasswordOf(string address) => RabbitQueue.TryParse(address, out RabbitQueue? queue, out string? error) ? queue.ReadPassword() : throw new InvalidOperationException(error);
    }

    [Fact]
    public void An_address_of_a_stream_says_where_it_begins()
    {
        Assert.True(RabbitQueue.TryParse("rabbitmq://h/v?stream=a&start=5&gap=skip&cluster=c&prefetch=7&mapping=one", out RabbitQueue? stream, out _));
        Assert.Equal((true, "a", "5", true, "c"), (stream.IsStream, stream.Name, stream.Start, stream.SkipsGaps, stream.Cluster));
        Assert.Equal("the stream 'a' at h:5672 (virtual host 'v')", stream.ToString());
    }

    [Fact]
    public void A_mapping_that_the_lake_does_not_have_ends_the_start_with_2()
    {
        using var scratch = new TestSupport.ScratchFolder();
        TestSupport.LakeResult result = TestSupport.LakeProcess.Run("serve", "--lake", scratch["lake"], "--urls", "http://127.0.0.1:0", "--source", "rabbitmq://u:SECRET@127.0.0.1:1/?queue=a&mapping=one");
        Assert.Equal(2, result.ExitCode);
        Assert.EndsWith(
            "lake: the queue 'a' at 127.0.0.1:1 is to be read by the mapping one, which the lake does not have; it has none. `lake mapping set one FILE` keeps one.",
            result.Error.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_refuses_it_with_2_and_does_not_repeat_it()
    {
        TestSupport.LakeResult result = TestSupport.LakeProcess.Run("serve", "--source", "rabbitmq://u:SECRET@h/?quue=x");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("no parameter 'quue'", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", result.Error + result.Output, StringComparison.Ordinal);
    }
}
