using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansLake.Storage;

/// <summary>An owner as its number.</summary>
internal sealed class EpochJson : JsonConverter<Epoch>
{
    public override Epoch Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, Epoch value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Value);
}
