namespace OrleansLake.Engine.Live;

/// <summary>The lake behind a live view was closed, or its partition was reopened: subscribe again.</summary>
public sealed class LiveViewClosedException() : Exception("the lake was closed or reopened; subscribe again");
