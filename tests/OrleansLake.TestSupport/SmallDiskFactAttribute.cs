using Xunit;

namespace OrleansLake.TestSupport;

/// <summary>A test that needs a <see cref="SmallDisk"/>; skipped, with the reason, where there can be none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    /// <summary>Looks whether one can be mounted.</summary>
    public SmallDiskFactAttribute() => Skip = SmallDisk.ImpossibleBecause;
}
