namespace OrleansLake.Benchmarks.State;

/// <summary>The memory of the state of some number of keys.</summary>
/// <param name="Keys">Deduplication keys.</param>
/// <param name="BytesPerKey">Live managed memory for each key, the reports apart.</param>
/// <param name="BytesPerKeyMax">The most that a key took since the row before, after any batch, as the state counts it.</param>
/// <param name="ReportBytes">Live managed memory of the reports.</param>
/// <param name="ProcessorSeconds">To apply the messages since the row before, the reports included.</param>
/// <param name="Applied">The number of messages that these were.</param>
internal sealed record StateFigures(int Keys, double BytesPerKey, double BytesPerKeyMax, double ReportBytes, double ProcessorSeconds, int Applied);
