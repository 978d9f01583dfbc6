#!/usr/bin/env bash
# Confluent.Kafka 2.16.0 (librdkafka 2.16.0), .NET 10, seen 2026-11-30.
#
# A consumer of several partitions that never has 100,000 records of any of them stops fetching for a whole second each time that all of them
# together have 100,000, and its application, which took those in a fraction of that second, gets nothing meanwhile. CONFIGURATION.md has
# queued.min.messages (100,000) as a number for each topic and partition; but partitions that are read by one consumer share a queue, and it is
# that queue's length which is compared, for each of them; then fetch.queue.backoff.ms (1,000) passes before anything is fetched again. With the
# latter at 10, all records come in one go.
#
# Expected before running it: 4 partitions of 90,000 records each, below the limit of every one, are read without a rest.
# Fails (exit 1) where the output is another.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >app.csproj <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Confluent.Kafka" Version="[2.16.0]" />
  </ItemGroup>
</Project>
PROJECT

cat >Program.cs <<'PROGRAM'
using System.Diagnostics;
using Confluent.Kafka;

const int Partitions = 4, Each = 90_000;

// librdkafka's own cluster, in this process; it makes a topic of 4 partitions when records come.
using var producer = new ProducerBuilder<Null, byte[]>(new Dictionary<string, string>
{
    ["test.mock.num.brokers"] = "1", ["bootstrap.servers"] = "localhost:1", ["linger.ms"] = "1000", ["queue.buffering.max.messages"] = "1000000",
}).Build();
using var admin = new DependentAdminClientBuilder(producer.Handle).Build();
BrokerMetadata broker = admin.GetMetadata(TimeSpan.FromSeconds(10)).Brokers[0];
byte[] value = new byte[16];
for (int i = 0; i < Partitions * Each; i++)
{
    producer.Produce(new TopicPartition("topic", i % Partitions), new Message<Null, byte[]> { Value = value });
}

producer.Flush();
Console.WriteLine($"by itself: {Read(null)}");
Console.WriteLine($"with fetch.queue.backoff.ms=10: {Read(10)}");

string Read(int? backoffMs)
{
    var config = new ConsumerConfig { BootstrapServers = $"{broker.Host}:{broker.Port}", GroupId = "group", EnableAutoCommit = false, FetchQueueBackoffMs = backoffMs };
    using IConsumer<Ignore, byte[]> consumer = new ConsumerBuilder<Ignore, byte[]>(config).Build();
    consumer.Assign(Enumerable.Range(0, Partitions).Select(partition => new TopicPartitionOffset("topic", partition, Offset.Beginning)));
    TimeSpan longest = TimeSpan.Zero;
    for (int i = 0; i < Partitions * Each; i++)
    {
        long asked = Stopwatch.GetTimestamp();
        if (consumer.Consume(TimeSpan.FromSeconds(30)) is null)
        {
            return $"record {i} did not come";
        }

        TimeSpan waited = Stopwatch.GetElapsedTime(asked);
        longest = i > 0 && waited > longest ? waited : longest;
        if (i == 0)
        {
            // An application that has something else to do for a moment.
            Thread.Sleep(300);
        }
    }

    consumer.Close();
    return longest < TimeSpan.FromMilliseconds(400) ? "no rest" : "nothing for more than 0.4 s, though there are records";
}
PROGRAM

dotnet run -v q >seen.txt
cat >expected.txt <<'EXPECTED'
by itself: nothing for more than 0.4 s, though there are records
with fetch.queue.backoff.ms=10: no rest
EXPECTED
diff expected.txt seen.txt
