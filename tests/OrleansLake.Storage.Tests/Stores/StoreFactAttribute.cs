namespace OrleansLake.Storage.Tests.Stores;

/// <summary>A test of the contract. Where a store needs a server of its own, its tests have another attribute of this name, which looks for it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StoreFactAttribute : FactAttribute;
