using OrleansLake.Storage.Log;

namespace OrleansLake.Storage.Registries;

/// <summary>One step of the registry's fold.</summary>
/// <param name="SourceProgress">What was consumed.</param>
/// <param name="FirstOffset">The offset of the frame's first row.</param>
/// <param name="RowCount">The number of rows that the frame has.</param>
internal sealed record RegistryRecord(SourceProgress SourceProgress, long FirstOffset, long RowCount)
{
    /// <summary>Gets a value indicating whether the fold keeps anything of it.</summary>
    public bool IsKept => SourceProgress is not (SourceProgress.NoSource or SourceProgress.Stream);
}
