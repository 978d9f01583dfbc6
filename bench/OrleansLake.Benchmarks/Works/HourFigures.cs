namespace OrleansLake.Benchmarks.Works;

/// <summary>The status of a lake after an hour of triggers.</summary>
/// <param name="Hour">From 1.</param>
/// <param name="MedianMs">The median time of a trigger of that hour, sending included.</param>
/// <param name="SlowestMs">The slowest.</param>
/// <param name="ProcessorMs">The mean processor time of a trigger.</param>
/// <param name="Manifests">Files of manifests, the most that were seen after any trigger of the hour.</param>
/// <param name="StateFiles">Files of snapshots and registries, likewise.</param>
/// <param name="LogSegments">Segments of the log, likewise.</param>
/// <param name="Keys">The keys that are known at its end.</param>
/// <param name="LiveBytes">Live managed memory at its end.</param>
/// <param name="SilverFilesPerDate">The most silver files of a date and side at its end.</param>
/// <param name="BronzeFiles">Bronze files at its end.</param>
internal sealed record HourFigures(
    int Hour, double MedianMs, double SlowestMs, double ProcessorMs, int Manifests, int StateFiles, int LogSegments, long Keys, long LiveBytes, int SilverFilesPerDate, int BronzeFiles);
