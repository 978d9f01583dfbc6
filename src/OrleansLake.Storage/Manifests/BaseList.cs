namespace OrleansLake.Storage.Manifests;

/// <summary>
/// The files and the dates that later manifests change, so that a manifest does not grow with the lake.
/// </summary>
/// <param name="FormatVersion">The version of the format.</param>
/// <param name="Files">The data files, by path.</param>
/// <param name="Days">The counts by date.</param>
internal sealed record BaseList(int FormatVersion, IReadOnlyList<DataFile> Files, IReadOnlyList<LedgerDay> Days)
{
    public static BaseList Empty { get; } = new(Manifest.FirstFormatVersion, [], []);
}
