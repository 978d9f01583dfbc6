namespace OrleansLake.Storage;

/// <summary>Reads one value of a document.</summary>
internal delegate T JsonReading<out T>(ref StorageJsonReader json);
