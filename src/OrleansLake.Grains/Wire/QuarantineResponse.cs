using OrleansLake.Core.Messages;
using OrleansLake.Engine;

namespace OrleansLake.Grains.Wire;

/// <summary>Some of the rejected records.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.QuarantineReadout")]
internal sealed record QuarantineResponse
{
    /// <summary>Gets the number of records of each reason, of whatever reason was asked for.</summary>
    [Id(0)]
    public required IReadOnlyDictionary<RejectionReason, long> ByReason { get; init; }

    /// <summary>Gets the first that fit, oldest first.</summary>
    [Id(1)]
    public required IReadOnlyList<QuarantineDto> Records { get; init; }

    internal static QuarantineResponse Of(IEnumerable<QuarantineEntry> entries, RejectionReason? wanted, int recordsMax)
    {
        var counts = new Dictionary<RejectionReason, long>();
        var records = new List<QuarantineDto>();
        foreach (QuarantineEntry entry in entries)
        {
            RejectionReason reason = entry.Rejection.Reason;
            counts[reason] = counts.GetValueOrDefault(reason) + 1;
            if (records.Count < recordsMax && (wanted is null || reason == wanted))
            {
                records.Add(QuarantineDto.Of(entry));
            }
        }

        return new QuarantineResponse { ByReason = counts, Records = records };
    }

    internal static QuarantineResponse Sum(IReadOnlyList<QuarantineResponse> partitions, int recordsMax) => new()
    {
        ByReason = partitions.SelectMany(p => p.ByReason).GroupBy(p => p.Key).ToDictionary(p => p.Key, p => p.Sum(one => one.Value)),

        // Stable: a partition's own records stay in their order.
        Records = [.. partitions.SelectMany(p => p.Records).OrderBy(record => record.RejectedAt).Take(recordsMax)],
    };
}
