namespace OrleansLake.Server.Tests;

/// <summary>The tests that measure the process that they run in, one after the other when all others have ended.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public static class Alone;
