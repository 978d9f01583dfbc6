using System.Diagnostics;
using OrleansLake.TestSupport;
using RabbitMQ.Client;

namespace OrleansLake.Contracts;

/// <summary>A RabbitMQ server of the test's own, from the machine's package; on free ports, and gone with the test.</summary>
internal sealed class RabbitBroker : IAsyncDisposable
{
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(2);

    private readonly ScratchFolder _scratch = new();
    private readonly int _distributionPort = FreePort.Take();
    private Process _process;

    private RabbitBroker(int port)
    {
        Port = port;
        _process = Start();
    }

    internal static bool IsInstalled => File.Exists(Program);

    internal int Port { get; }

    private Process Start()
    {
        var start = new ProcessStartInfo(Program) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOME"] = _scratch.Path;
        start.Environment["RABBITMQ_NODENAME"] = $"test{Port}@localhost";
        start.Environment["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1";
        start.Environment["RABBITMQ_NODE_PORT"] = $"{Port}";
        start.Environment["RABBITMQ_DIST_PORT"] = $"{_distributionPort}";
        start.Environment["RABBITMQ_MNESIA_BASE"] = _scratch["mnesia"];
        start.Environment["RABBITMQ_LOG_BASE"] = _scratch["log"];
        start.Environment["RABBITMQ_ENABLED_PLUGINS_FILE"] = _scratch["plugins"];
        start.Environment["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-setcookie orleanslake";
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    internal Uri Address => AddressOf("events");

    internal Uri AddressOf(string queue, string user = "guest:guest", string path = "") => new($"rabbitmq://{user}@127.0.0.1:{Port}/{path}?queue={queue}");

    /// <summary>Kills it and starts it again with what it had.</summary>
    internal async Task RestartAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = Start();
        await AnswersAsync();
    }

    internal static async Task<RabbitBroker> StartAsync()
    {
        var broker = new RabbitBroker(FreePort.Take());
        await broker.AnswersAsync();
        return broker;
    }

    private async Task AnswersAsync()
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await using IConnection connection = await ConnectAsync();
                return;
            }
            catch (Exception e) when (e is RabbitMQ.Client.Exceptions.BrokerUnreachableException or IOException)
            {
                if (_process.HasExited || Stopwatch.GetElapsedTime(started) > StartMax)
                {
                    await DisposeAsync();
                    throw new InvalidOperationException("rabbitmq-server did not start", e);
                }

                await Task.Delay(200);
            }
        }
    }

    internal Task<IConnection> ConnectAsync() =>
        new ConnectionFactory { HostName = "127.0.0.1", Port = Port, AutomaticRecoveryEnabled = false }.CreateConnectionAsync();

    /// <summary>Makes a durable queue.</summary>
    internal async Task DeclareAsync(string queue, IDictionary<string, object?>? arguments = null)
    {
        await using IConnection connection = await ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments);
    }

    /// <summary>Makes a stream that keeps about so many bytes.</summary>
    internal Task DeclareStreamAsync(string stream, int bytesMax) => DeclareAsync(
        stream, new Dictionary<string, object?> { ["x-queue-type"] = "stream", ["x-max-length-bytes"] = bytesMax, ["x-stream-max-segment-size-bytes"] = bytesMax / 2 });

    internal string StreamAddress(string stream) => $"rabbitmq://guest:guest@127.0.0.1:{Port}/?stream={stream}";

    /// <summary>Publishes messages to a queue, and returns once the broker has them.</summary>
    internal async Task PublishAsync(string queue, params string[] bodies)
    {
        await using IConnection connection = await ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var confirmed = new List<Task>();
        foreach (string body in bodies)
        {
            confirmed.Add(channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties { Persistent = true }, System.Text.Encoding.UTF8.GetBytes(body)).AsTask());
        }

        await Task.WhenAll(confirmed);
    }

    internal async Task DeleteAsync(string queue)
    {
        await using IConnection connection = await ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(queue);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _scratch.Dispose();
    }
}
