using System.Text.Json;
using System.Text.Json.Serialization;

namespace Generated;

/// <summary>The part of the client that is not generated.</summary>
public partial class LakeApi
{
    // What is optional is left out, and not sent as null: a filter of null would lock nobody to anything.
    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings) => settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
}
