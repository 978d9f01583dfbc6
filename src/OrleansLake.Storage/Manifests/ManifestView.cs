using OrleansLake.Core.State;
namespace OrleansLake.Storage.Manifests;

/// <summary>A manifest together with all that it names by reference: the whole list of files and the whole ledger.</summary>
/// <param name="Manifest">The manifest.</param>
/// <param name="Files">Every data file, by path.</param>
/// <param name="Ledger">The counts.</param>
public sealed record ManifestView(Manifest Manifest, IReadOnlyDictionary<string, DataFile> Files, Ledger Ledger);
