namespace OrleansLake.Client;

/// <summary>Some of the rejected records.</summary>
/// <param name="Total">The number of records that fit.</param>
/// <param name="ByCode">The number of records of each reason.</param>
/// <param name="Records">Those of this page.</param>
public sealed record QuarantinePage(long Total, IReadOnlyDictionary<string, long> ByCode, IReadOnlyList<QuarantineRecord> Records);
