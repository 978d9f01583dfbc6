using OrleansLake.Storage.Manifests;

namespace OrleansLake.Storage.Partitions;

/// <summary>A data file that was completed under a temporary name and waits for its commit.</summary>
/// <param name="Temporary">Its location.</param>
/// <param name="File">What it becomes.</param>
internal sealed record NewDataFile(string Temporary, DataFile File);
