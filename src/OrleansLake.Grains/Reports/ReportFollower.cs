using OrleansLake.Core.Reports;

namespace OrleansLake.Grains.Reports;

/// <summary>
/// Keeps a scope's rows by following every partition, for one grain. One round of asking serves everyone who came before it
/// began. For the grain's own scheduler: not thread-safe.
/// </summary>
internal sealed class ReportFollower(ReportDefinition definition, ReportScope scope, int partitions, IGrainFactory grains)
{
    private readonly FollowedPartition[] _known = [.. Enumerable.Range(0, partitions).Select(_ => new FollowedPartition())];
    private Task? _running;
    private Task? _next;
    private (LakeVersion At, int? Top, AggregateResponse Readout)? _last;

    internal async Task<AggregateResponse> ReadAsync(LakeVersion? at, int? top)
    {
        if (at is null)
        {
            // Everything that is applied now: as of a version that is taken now.
            LakeVersion now = await VersionAsync(grains, partitions);
            AggregateResponse response = await ReadAsync(now, top);
            return response.Moment is null ? await ReadAsync(null, top) : response;
        }

        if (_last is { } last && last.Top == top && ReferenceEquals(last.At, at))
        {
            return last.Readout;
        }

        while (!_known.Zip(at.Partitions).All(pair => pair.First.HasReached(pair.Second)))
        {
            await RefreshAsync();
        }

        IEnumerable<ReportRowDto>?[] parts = [.. _known.Zip(at.Partitions, static (known, moment) => known.At(moment))];
        if (parts.Any(static part => part is null))
        {
            return new AggregateResponse(null, []);
        }

        var made = new AggregateResponse(at, [PartBytes.Of(PartOf(parts.SelectMany(static part => part!), top))]);
        _last = (at, top, made);
        return made;
    }

    /// <summary>Returns the current version.</summary>
    internal static async Task<LakeVersion> VersionAsync(IGrainFactory grains, int partitions) =>
        new(await Task.WhenAll(Enumerable.Range(0, partitions).Select(partition => Retries.RunAsync(() => grains.GetGrain<IPartitionGrain>(partition).GetVersionAsync()))));

    /// <summary>Returns rows in the order of report 2.</summary>
    internal static IEnumerable<ReportRow> MostActive(IEnumerable<ReportRow> rows) =>
        rows.OrderByDescending(static row => row.Counts.Sum()).ThenBy(static row => row.Number is not null).ThenBy(static row => row.Number);

    private ReportPart PartOf(IEnumerable<ReportRowDto> rows, int? top)
    {
        var all = ReportPart.OfRows(definition, rows.Select(static row => row.ToRow()));
        if (top is not { } count)
        {
            return all;
        }

        // The columns are those of all rows, whatever is left out.
        IReadOnlyList<ReportRow> summed = all.ToRows();
        return ReportPart.OfRows(
            definition,
            MostActive(summed).Take(count),
            summed.SelectMany(static row => row.Columns).Distinct());
    }

    // Who comes while a round runs may not be served by it: what they wait for may have come after it asked.
    private Task RefreshAsync()
    {
        if (_running is not { IsCompleted: false })
        {
            return _running = AskAllAsync();
        }

        if (_next is not { IsCompleted: false })
        {
            _next = AfterAsync(_running);
        }

        return _next;
    }

    private async Task AfterAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await (_running = AskAllAsync());
    }

    private Task AskAllAsync() => Task.WhenAll(_known.Select(async (known, partition) =>
    {
        ReportSteps told = await Retries.RunAsync(() => grains.GetGrain<IPartitionGrain>(partition).FollowAsync(scope, known.Epoch, known.Step));
        known.Take(told);
    }));
}
