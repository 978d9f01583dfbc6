namespace OrleansLake.Client;

/// <summary>Some of the rejected records.</summary>
/// <param name="Total">How many there are that fit.</param>
/// <param name="ByCode">How many there are of each reason.</param>
/// <param name="Records">Those of this page.</param>
public sealed record QuarantinePage(long Total, IReadOnlyDictionary<string, long> ByCode, IReadOnlyList<QuarantineRecord> Records);
