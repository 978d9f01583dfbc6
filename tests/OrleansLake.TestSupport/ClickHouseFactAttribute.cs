using Xunit;

namespace OrleansLake.TestSupport;

/// <summary>
/// A test that asks ClickHouse. Skipped, with the reason, where it is not installed; a failure there when
/// <see cref="ForeignReaders.Required"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClickHouseFactAttribute : FactAttribute
{
    /// <summary>Looks for it.</summary>
    public ClickHouseFactAttribute()
    {
        if (!ForeignReaders.Required)
        {
            Skip = ClickHouse.MissingBecause;
        }
    }
}
