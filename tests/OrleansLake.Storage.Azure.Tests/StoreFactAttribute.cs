using OrleansLake.TestSupport;

namespace OrleansLake.Storage.Tests.Stores;

/// <summary>A test of the contract that needs Azurite; skipped, with the reason, where Node is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StoreFactAttribute : FactAttribute
{
    /// <summary>Looks for it.</summary>
    public StoreFactAttribute() => Skip = AzuriteServer.MissingBecause;
}
