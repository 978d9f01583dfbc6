using Xunit;

namespace OrleansLake.TestSupport;

/// <summary>A <see cref="ForeignFactAttribute"/> over several cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ForeignTheoryAttribute : TheoryAttribute
{
    /// <summary>Looks for the tools.</summary>
    public ForeignTheoryAttribute()
    {
        if (!ForeignReaders.Required)
        {
            Skip = ForeignReaders.MissingBecause;
        }
    }
}
