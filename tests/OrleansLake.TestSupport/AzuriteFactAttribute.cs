using Xunit;

namespace OrleansLake.TestSupport;

/// <summary>A test that needs Azurite; skipped, with the reason, where Node is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AzuriteFactAttribute : FactAttribute
{
    /// <summary>Looks for it.</summary>
    public AzuriteFactAttribute() => Skip = AzuriteServer.MissingBecause;
}
