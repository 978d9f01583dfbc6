using System.Text.Json;

namespace OrleansLake.Storage;

/// <summary>Writes one value of a document.</summary>
internal delegate void JsonWriting<in T>(Utf8JsonWriter json, T value);
