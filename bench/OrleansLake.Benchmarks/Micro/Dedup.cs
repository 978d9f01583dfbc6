using BenchmarkDotNet.Attributes;
using OrleansLake.Benchmarks.State;
using OrleansLake.Core.State;

namespace OrleansLake.Benchmarks.Micro;

/// <summary>Messages whose keys are known among many others: what a lookup costs where the keys do not fit the caches.</summary>
public class Dedup : MicroBenchmark
{
    private const int Keys = 2_500_000;
    private const int CacheLineBytes = 64;

    private readonly KeyStream _stream = new(isText: false);
    private readonly List<PreparedBatch> _known = [];
    private LakeState _state = new([]);

    internal override MicroWork Work => new(
        $"messages deduplicated, keys known among {Keys:N0}", "message", (double)_known.Count * KeyStream.BatchRows,
        (double)_known.Count * KeyStream.BatchRows * 2 * CacheLineBytes, 0, "memory: a line of slots and a line of the entry");

    [GlobalSetup]
    public override void Setup()
    {
        _known.Clear();
        _state = new LakeState([]);
        while (_state.KeyCount < Keys)
        {
            _stream.Next(_state);
            _state.Apply(_stream.Prepared);
        }

        // The same messages again, from a stream of the same start.
        for (int skipped = 0; skipped < 10; skipped++)
        {
            var again = new KeyStream(isText: false);
            for (int batch = 0; batch <= skipped * 20; batch++)
            {
                again.Next(_state);
            }

            _known.Add(again.Prepared);
        }
    }

    [Benchmark]
    public override long Run()
    {
        foreach (PreparedBatch batch in _known)
        {
            _state.Apply(batch);
        }

        return _state.KeyCount;
    }
}
