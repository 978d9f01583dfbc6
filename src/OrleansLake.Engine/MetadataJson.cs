using System.Text.Json.Serialization;

namespace OrleansLake.Engine;

/// <summary>What stands as JSON in Parquet metadata.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class MetadataJson : JsonSerializerContext;
