using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;
using KafkaErrorCode = Confluent.Kafka.ErrorCode;

namespace OrleansLake.Contracts;

/// <summary>The functions of librdkafka's cluster that Confluent.Kafka does not show (rdkafka_mock.h): brokers that go, leaders that move.</summary>
internal sealed unsafe class KafkaControl
{
    private readonly nint _library;
    private readonly nint _cluster;

    /// <param name="owner">A handle of the client that has the cluster.</param>
    internal KafkaControl(Handle owner)
    {
        // The library that this process has loaded: which of several that is depends on the machine.
        string loaded = File.ReadLines("/proc/self/maps").Select(static line => line[(line.LastIndexOf(' ') + 1)..])
            .First(static path => Path.GetFileName(path).Contains("librdkafka", StringComparison.Ordinal));
        _library = NativeLibrary.Load(loaded);
        var handle = (SafeHandle)typeof(Handle).GetProperty("LibrdkafkaHandle", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(owner)!;
        _cluster = ((delegate* unmanaged[Cdecl]<nint, nint>)Export("rd_kafka_handle_mock_cluster"))(handle.DangerousGetHandle());
    }

    /// <summary>Closes a broker's connections and takes no new ones.</summary>
    internal void SetDown(int broker) => Check(((delegate* unmanaged[Cdecl]<nint, int, int>)Export("rd_kafka_mock_broker_set_down"))(_cluster, broker));

    /// <summary>Lets a broker answer again, with what it had.</summary>
    internal void SetUp(int broker) => Check(((delegate* unmanaged[Cdecl]<nint, int, int>)Export("rd_kafka_mock_broker_set_up"))(_cluster, broker));

    /// <summary>Makes another broker the leader of a partition.</summary>
    internal void SetLeader(string topic, int partition, int broker)
    {
        fixed (byte* name = Text(topic))
        {
            Check(((delegate* unmanaged[Cdecl]<nint, byte*, int, int, int>)Export("rd_kafka_mock_partition_set_leader"))(_cluster, name, partition, broker));
        }
    }

    /// <summary>Creates a topic that has another number of partitions than four.</summary>
    internal void CreateTopic(string topic, int partitions)
    {
        fixed (byte* name = Text(topic))
        {
            Check(((delegate* unmanaged[Cdecl]<nint, byte*, int, int, int>)Export("rd_kafka_mock_topic_create"))(_cluster, name, partitions, 1));
        }
    }

    /// <summary>Deletes a topic: one that is made again under its name begins with offset 0.</summary>
    internal void DeleteTopic(string topic)
    {
        fixed (byte* name = Text(topic))
        {
            Check(((delegate* unmanaged[Cdecl]<nint, byte*, int>)Export("rd_kafka_mock_topic_delete"))(_cluster, name));
        }
    }

    private static byte[] Text(string topic) => [.. Encoding.UTF8.GetBytes(topic), 0];

    private static void Check(int error)
    {
        if ((KafkaErrorCode)error != KafkaErrorCode.NoError)
        {
            throw new KafkaException((KafkaErrorCode)error);
        }
    }

    private nint Export(string name) => NativeLibrary.GetExport(_library, name);
}
