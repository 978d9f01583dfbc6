using System.Collections.Concurrent;
using System.Text;
using Orleans.TestingHost;
using OrleansLake.TestSupport;

namespace OrleansLake.Grains.Tests;

/// <summary>A call that is not answered while silos come and go holds up nothing but what waits for its answer.</summary>
public sealed class LostCallTests : IDisposable
{
    // What a writer may have to wait: less than a call that nobody answers takes by Orleans' own bound.
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(25);

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_partition_moves_to_a_silo_that_joins_though_a_message_s_grain_does_not_answer()
    {
        var answers = new TaskCompletionSource();
        int asked = 0;
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddLake(_folder["lake"], options =>
            {
                options.Partitions = 2;
                options.Trigger = TimeSpan.FromMilliseconds(300);
            });
            silo.AddIncomingGrainCallFilter(async call =>
            {
                if (call.InterfaceMethod?.Name == nameof(IMessageGrain.DecideAsync))
                {
                    Interlocked.Increment(ref asked);
                    await answers.Task;
                }

                await call.Invoke();
            });
        });
        await using InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        IGatewayGrain gateway = cluster.Client.GetGrain<IGatewayGrain>(0);
        using var tooLong = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await SendAsync(0);
        while (Volatile.Read(ref asked) == 0)
        {
            await Task.Delay(20, tooLong.Token);
        }

        await cluster.StartAdditionalSiloAsync();
        SiloAddress[] at = await PlacesAsync();
        while (at[0].Equals(at[1]))
        {
            await Task.Delay(50, tooLong.Token);
            at = await PlacesAsync();
        }

        await SendAsync(1).WaitAsync(PauseMax);
        answers.SetResult();
        long total = 0;
        while (total < 80)
        {
            // What was stored is in the report when the messages' grains have decided.
            await Task.Delay(20, tooLong.Token);
            total = (await Retries.RunAsync(() => gateway.GetReportAsync("report1"), tooLong.Token)).ToTable().GrandTotal;
        }

        Assert.Equal(80, total);

        // Messages of both partitions.
        async Task<SendReceipt> SendAsync(int number)
        {
            byte[] lines = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 40).Select(i =>
                $"{{\"timestamp\":\"2024-12-15T08:00:00Z\",\"event_type\":\"SENT\",\"message_id\":\"{number}-{i}\",\"channel\":\"CHAT\",\"user_id\":7}}\n")));
            SendReceipt receipt = await Retries.RunAsync(() => gateway.SendAsync(new SendRequest { Ndjson = lines, Key = "lost", Number = number }), tooLong.Token);
            Assert.Equal(40, receipt.Accepted + receipt.Duplicates);
            return receipt;
        }

        async Task<SiloAddress[]> PlacesAsync()
        {
            IManagementGrain management = cluster.Client.GetGrain<IManagementGrain>(0);
            SiloAddress?[] places = [await PlaceAsync(0), await PlaceAsync(1)];
            return [.. places.Select(place => place ?? cluster.Silos[0].SiloAddress)];

            async Task<SiloAddress?> PlaceAsync(int partition) => await management.GetActivationAddress(cluster.Client.GetGrain<IPartitionGrain>(partition));
        }
    }

    [Fact]
    public async Task A_call_that_expires_before_its_grain_is_placed_is_made_again()
    {
        var expired = new ConcurrentDictionary<string, bool>();
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddLake(_folder["lake"], options =>
            {
                options.Partitions = 2;
                options.Trigger = TimeSpan.FromMilliseconds(300);
            });
            silo.AddIncomingGrainCallFilter(call =>
                call.Grain.GetType().Assembly == typeof(IPartitionGrain).Assembly && expired.TryAdd(call.MethodName, true)
                    ? throw new OperationCanceledException($"{call.MethodName} expired before placement could complete.")
                    : call.Invoke());
        });
        await using InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        IGatewayGrain gateway = cluster.Client.GetGrain<IGatewayGrain>(0);
        byte[] line = [.. "{\"timestamp\":\"2024-12-15T08:00:00Z\",\"event_type\":\"SENT\",\"message_id\":\"1\",\"channel\":\"CHAT\",\"user_id\":7}"u8];
        SendReceipt receipt = await Retries.RunAsync(() => gateway.SendAsync(new SendRequest { Ndjson = line, Key = "once" }));
        await Retries.RunAsync(() => gateway.WaitAppliedAsync(new LakeOffsets(receipt.Generation, receipt.EndOffsets)));
        Assert.Equal(1, (await Retries.RunAsync(() => gateway.GetReportAsync("report1"))).ToTable().GrandTotal);
        Assert.Contains(nameof(IPartitionGrain.AppendAsync), expired.Keys);
        Assert.Contains(nameof(IMessageGrain.DecideAsync), expired.Keys);
    }
}
