namespace OrleansLake.Storage.Json;

/// <summary>Reads a value of a document and returns it, or writes the value that it is given: the same fields either way.</summary>
internal delegate T JsonMap<T>(ref StorageJson json, T? value);
