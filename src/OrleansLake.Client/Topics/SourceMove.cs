namespace OrleansLake.Client;

/// <summary>The move of a partition to another offset.</summary>
/// <param name="Topic">The topic's name where people see it.</param>
/// <param name="Number">The partition's number.</param>
/// <param name="From">The offset behind what the lake had.</param>
/// <param name="To">The offset from which it is read now: where it is larger, what lies between is passed over; where it is less, it is read again.</param>
public sealed record SourceMove(string Topic, int Number, long From, long To);
