using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansLake.Storage;

/// <summary>The JSON of everything that is stored as JSON. Unknown fields are an error: a newer format has a newer version.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(EpochJson), typeof(PartitionIdJson)],
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(LakeDescription))]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(BaseList))]
internal sealed partial class StorageJson : JsonSerializerContext
{
    private static StorageJson? _indented;

    /// <summary>The same, for files that people open. (Made late: the generated part's own fields come first.)</summary>
    public static StorageJson Indented => _indented ??= new StorageJson(new JsonSerializerOptions(Default.Options!)
    {
        WriteIndented = true,
        NewLine = "\n",
    });
}
