namespace OrleansLake.Storage.Snapshots;

/// <summary>A snapshot that was written under a temporary name and waits for its commit.</summary>
/// <param name="Temporary">Its location.</param>
/// <param name="File">What it becomes.</param>
/// <param name="IsBase">Whether it is all of the state, or the changes since the manifest before.</param>
internal sealed record SnapshotDraft(string Temporary, StateFile File, bool IsBase);
