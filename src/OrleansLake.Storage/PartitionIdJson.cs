using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansLake.Storage;

/// <summary>A partition as its number.</summary>
internal sealed class PartitionIdJson : JsonConverter<PartitionId>
{
    public override PartitionId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetInt32());

    public override void Write(Utf8JsonWriter writer, PartitionId value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Value);
}
