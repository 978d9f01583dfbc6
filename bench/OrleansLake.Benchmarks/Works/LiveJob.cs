using System.Diagnostics;
using OrleansLake.Benchmarks.Comparing;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Core.Time;
using OrleansLake.Engine;
using OrleansLake.Engine.Partitions;

namespace OrleansLake.Benchmarks.Works;

/// <summary>
/// The engine's applying of frames in a process of its own, from the producer's messages: some that become resident, then
/// rounds that are measured. Says the keys before and after, and the seconds of each round.
/// </summary>
internal sealed class LiveJob
{
    /// <summary>The name of the threads that apply: a profile is to leave out those that make messages.</summary>
    public const string ThreadName = "live-apply";

    private const int Threads = 2;
    private const int BufferBytes = 1 << 20;
    private const int ResidentAtOnce = 100_000;

    private readonly int _frameMessages;
    private readonly LakeState[] _states;
    private readonly BatchApplier[] _appliers;
    private readonly long[] _offsets;
    private readonly List<MessageBatch>[] _frames;

    private LiveJob(int frameMessages, int partitions)
    {
        _frameMessages = frameMessages;
        _states = [.. Enumerable.Range(0, partitions).Select(static _ => new LakeState(LakeReports.All))];
        _appliers = [.. _states.Select(state => new BatchApplier(state, LakeTimeZone.Utc, new ParallelWork(Threads / partitions)))];
        _offsets = new long[partitions];
        _frames = [.. _states.Select(static _ => new List<MessageBatch>())];
    }

    private long Keys => _states.Sum(static state => state.KeyCount);

    /// <param name="resident">Messages that are there before.</param>
    /// <param name="events">Messages of a round. Both are multiples of the frames of all partitions.</param>
    /// <param name="rounds">How many rounds.</param>
    /// <param name="frameMessages">Messages of a frame.</param>
    /// <param name="partitions">How many partitions.</param>
    public static int Run(int resident, int events, int rounds, int frameMessages, int partitions)
    {
        var job = new LiveJob(frameMessages, partitions);
        BenchData.Produce(resident + ((long)events * rounds), stream => job.Run(stream, resident, events, rounds));
        return 0;
    }

    private void Run(Stream messages, int resident, int events, int rounds)
    {
        // As many messages as one frame of each partition.
        using IEnumerator<MessageBatch> batches = Batches(messages, _frameMessages * _frames.Length).GetEnumerator();
        for (int left = resident; left > 0; left -= ResidentAtOnce)
        {
            Add(batches, Math.Min(left, ResidentAtOnce));
            Apply();
        }

        long before = Keys;
        List<double> seconds = [];
        for (int round = 0; round < rounds; round++)
        {
            Add(batches, events);
            GC.Collect();
            long started = Stopwatch.GetTimestamp();
            Apply();
            seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        Console.WriteLine(before);
        Console.WriteLine(Keys);
        seconds.ForEach(static one => Console.WriteLine(string.Create(Results.Plain, $"{one:F6}")));
    }

    private void Add(IEnumerator<MessageBatch> batches, int messages)
    {
        for (int added = 0; added < messages; added += _frameMessages * _frames.Length)
        {
            if (!batches.MoveNext())
            {
                throw new InvalidOperationException("there are fewer messages than were asked for");
            }

            MessageBatch?[] parts = PartitionedMessages.Split(batches.Current, _frames.Length);
            for (int partition = 0; partition < parts.Length; partition++)
            {
                if (parts[partition] is { } part)
                {
                    _frames[partition].Add(part);
                }
            }
        }
    }

    // Each partition by its own thread; what is applied is let go.
    private void Apply()
    {
        Thread[] threads = [.. Enumerable.Range(0, _frames.Length).Select(partition => new Thread(() => Apply(partition)) { Name = ThreadName })];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
    }

    private void Apply(int partition)
    {
        foreach (MessageBatch frame in _frames[partition])
        {
            _appliers[partition].Apply(frame, _offsets[partition], isInBronze: false);
            _offsets[partition] += frame.Count;
        }

        _frames[partition].Clear();
    }

    private static IEnumerable<MessageBatch> Batches(Stream stream, int messages)
    {
        var parser = new NdjsonParser(LakeTimeZone.Utc);
        var rejections = new List<Rejection>();
        byte[] buffer = new byte[BufferBytes];
        int length = 0;
        int start = 0;
        long record = 1;
        while (true)
        {
            int end = start;
            int lines = 0;
            while (lines < messages && buffer.AsSpan(end, length - end).IndexOf((byte)'\n') is >= 0 and int at)
            {
                end += at + 1;
                lines++;
            }

            if (lines < messages)
            {
                buffer.AsSpan(start, length - start).CopyTo(buffer);
                (length, start) = (length - start, 0);
                int read = stream.Read(buffer, length, buffer.Length - length);
                length += read;
                if (read == 0)
                {
                    yield break;
                }

                continue;
            }

            var batch = new MessageBatch();
            batch.Reserve(messages);
            parser.Parse(buffer.AsSpan(start, end - start), record, 1, batch, rejections);
            if (batch.Count != messages)
            {
                throw new InvalidOperationException("the producer's messages were rejected");
            }

            (start, record) = (end, record + messages);
            yield return batch;
        }
    }
}
