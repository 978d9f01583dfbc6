using BenchmarkDotNet.Attributes;
using OrleansLake.Core.Reports;

namespace OrleansLake.Benchmarks.Micro;

/// <summary>First occurrences counted in both reports, and taken back.</summary>
public class Pivots : MicroBenchmark
{
    private const int Count = 100_000;
    private const int Users = 100_000;
    private const int AtOnce = 64;
    private const int CacheLineBytes = 64;

    private readonly Contribution[] _added = new Contribution[Count];
    private readonly Contribution[] _takenBack = new Contribution[Count];
    private Pivot[] _pivots = [];

    internal override MicroWork Work => new(
        "messages counted in both reports", "message", 2.0 * Count, 2.0 * Count * 3 * CacheLineBytes, 0,
        "memory: report 2's slot, key and row, a line each; report 1 stays in the cache");

    [GlobalSetup]
    public override void Setup()
    {
        _pivots = [.. LakeReports.All.Select(static report => new Pivot(report))];
        var random = new Random(1);
        for (int i = 0; i < Count; i++)
        {
            _added[i].Fields[(int)MessageField.Date] = 20_000 + random.Next(30);
            _added[i].Fields[(int)MessageField.EventType] = random.Next(5);
            _added[i].Fields[(int)MessageField.Channel] = random.Next(5);
            _added[i].Fields[(int)MessageField.UserId] = random.Next(Users);
            _added[i].Fields[(int)MessageField.CountryId] = 2000 + random.Next(16);
            _added[i].Delta = 1;
            _takenBack[i] = _added[i];
            _takenBack[i].Delta = -1;
        }

        // They are on counts that are there already, or every pass would find rows gone.
        Add(_added);
    }

    [Benchmark]
    public override long Run()
    {
        Add(_added);
        Add(_takenBack);
        return _pivots.Length;
    }

    // As a shard does it: what a group of rows contributes, to one pivot after the other.
    private void Add(Contribution[] contributions)
    {
        for (int start = 0; start < Count; start += AtOnce)
        {
            ReadOnlySpan<Contribution> group = contributions.AsSpan(start, Math.Min(AtOnce, Count - start));
            foreach (Pivot pivot in _pivots)
            {
                pivot.Add(group);
            }
        }
    }
}
