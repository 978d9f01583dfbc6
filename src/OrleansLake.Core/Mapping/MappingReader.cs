using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Mapping;

/// <summary>Reads the file of a mapping, and collects all that is wrong with it.</summary>
/// <param name="ids">The types of the lake's ids.</param>
internal sealed class MappingReader(IdTypes ids)
{
    internal const string Receipt = "receipt";
    private const int FormatsMax = 8;

    private static readonly string[] Members = ["from", "join", "separator", "constant", "default", "map", "otherwise", "case", "format"];
    private static readonly string[] FieldNames = [.. MessageSchema.Columns.Select(static column => column.Name)];

    private readonly List<string> _errors = [];

    /// <summary>Gets all that is wrong, as one text.</summary>
    public string Error => string.Join("; ", _errors);

    /// <summary>Returns the mapping; null if something is wrong.</summary>
    public MessageMapping? Read(ReadOnlySpan<byte> json)
    {
        if (json.Length > MessageMapping.BytesMax)
        {
            _errors.Add($"it has {json.Length} bytes, but at most {MessageMapping.BytesMax} are expected");
            return null;
        }

        try
        {
            ReadOnlySpan<byte> text = json.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? json[3..] : json;
            if (!Utf8.IsValid(text))
            {
                _errors.Add(Utf8Fault.Describe("text", text));
                return null;
            }

            using var document = JsonDocument.Parse(text.ToArray());
            FindTwice("", document.RootElement);
            return _errors.Count > 0 ? null : Read(document.RootElement, System.Text.Encoding.UTF8.GetString(text));
        }
        catch (InvalidOperationException)
        {
            // Of all that is asked of the document, only a text can be what it must not.
            _errors.Add("a text in it holds half a surrogate pair (such as \\ud800 without its other half), which is not a character");
            return null;
        }
        catch (JsonException e)
        {
            _errors.Add(json.IsEmpty ? "it is empty" : $"it is not JSON ({Parsing.JsonLine.Cause(e, firstLine: true)})");
            return null;
        }
    }

    private void FindTwice(string place, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (IGrouping<string, JsonProperty> member in value.EnumerateObject().GroupBy(static member => member.Name, StringComparer.Ordinal))
            {
                string at = place.Length == 0 ? member.Key : $"{place}.{member.Key}";
                if (member.Count() > 1)
                {
                    _errors.Add($"{at} occurs {(member.Count() == 2 ? "twice" : $"{member.Count()} times")}");
                }

                FindTwice(at, member.First().Value);
            }
        }
    }

    private MessageMapping? Read(JsonElement root, string text)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("fields", out JsonElement fields) || fields.ValueKind != JsonValueKind.Object)
        {
            _errors.Add("an object with the member fields is expected, such as {\"fields\": {\"timestamp\": \"ts\"}}");
            return null;
        }

        foreach (JsonProperty member in root.EnumerateObject().Where(static member => member.Name != "fields"))
        {
            _errors.Add($"{member.Name} is not known: a mapping has the member fields only");
        }

        FieldMapping?[] mapped = [.. MessageSchema.Columns.Select(Itself)];
        int paths = 0;
        foreach (JsonProperty member in fields.EnumerateObject())
        {
            int column = Array.IndexOf(FieldNames, member.Name);
            if (column < 0)
            {
                _errors.Add($"fields.{member.Name}: a message has no such field; it has {string.Join(", ", FieldNames)}");
            }
            else
            {
                mapped[column] = ReadField(MessageSchema.Columns[column], member.Value);
                paths += mapped[column]?.From.Length ?? 0;
            }
        }

        foreach (MessageColumn required in (ReadOnlySpan<MessageColumn>)[MessageSchema.Timestamp, MessageSchema.MessageId])
        {
            if (mapped[Array.IndexOf(FieldNames, required.Name)] is null && _errors.Count == 0)
            {
                _errors.Add($"fields.{required.Name} is null, but every message has one");
            }
        }

        if (paths > MessageMapping.PathsMax)
        {
            _errors.Add($"it has {paths} paths, but at most {MessageMapping.PathsMax} are expected");
        }

        return _errors.Count == 0 ? new MessageMapping(text, [.. mapped]) : null;
    }

    /// <summary>Returns the rule of a field that is taken by its own name.</summary>
    internal static FieldMapping Itself(MessageColumn column) => new() { Column = column, From = [PathOf(column.Name)] };

    private static FieldPath PathOf(string name) => FieldPath.TryCreate(name, out FieldPath? path, out string? error) ? path : throw new InvalidOperationException(error);

    private FieldMapping? ReadField(MessageColumn column, JsonElement value)
    {
        string place = $"fields.{column.Name}";
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.String or JsonValueKind.Array:
                return new FieldMapping { Column = column, From = ReadPaths(place, value) };
            case JsonValueKind.Object:
                break;
            default:
                _errors.Add($"{place} is {value.GetRawText()}, but a path as text, a list of them, an object or null is expected");
                return null;
        }

        var field = new FieldMapping { Column = column };
        List<KeyValuePair<string, string?>>? map = null;
        UnmappedValue others = UnmappedValue.Rejected;
        foreach (JsonProperty member in value.EnumerateObject())
        {
            string at = $"{place}.{member.Name}";
            switch (member.Name)
            {
                case "from":
                    field = field with { From = ReadPaths(at, member.Value) };
                    break;
                case "join":
                    field = field with { From = ReadPaths(at, member.Value), IsJoined = true };
                    break;
                case "separator":
                    field = field with { Separator = ReadText(at, member.Value) ?? "" };
                    break;
                case "constant" or "default":
                    field = ReadConstant(at, member.Value, field);
                    break;
                case "map":
                    map = ReadMap(at, member.Value);
                    break;
                case "otherwise":
                    others = ReadOne(at, member.Value, ("reject", UnmappedValue.Rejected), ("keep", UnmappedValue.Kept), ("null", UnmappedValue.Null));
                    break;
                case "case":
                    field = field with { Case = ReadOne(at, member.Value, ("upper", TextCase.Upper), ("lower", TextCase.Lower)) };
                    break;
                case "format":
                    field = ReadFormats(at, member.Value, field);
                    break;
                default:
                    _errors.Add($"{at} is not known; a field has {string.Join(", ", Members)}");
                    break;
            }
        }

        FieldChecks checks = new(_errors, ids);
        checks.CheckMembers(place, value, column);
        checks.CheckTime(place, field);
        checks.CheckMap(place, map, field);
        return field with { Map = map is null ? null : new ValueMap(map, others) };
    }

    private FieldMapping ReadConstant(string place, JsonElement value, FieldMapping field)
    {
        string? text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
        if (text is null)
        {
            _errors.Add($"{place} is {value.GetRawText()}, but text or a number is expected");
        }
        else if (field.Column == MessageSchema.Timestamp && text == Receipt)
        {
            return field with { IsReceipt = true };
        }
        else if (!MappedIds.Allow(field.Column, text, ids))
        {
            _errors.Add($"{place} is {value.GetRawText()}, but {MappedIds.Describe(field.Column, ids, text)}");
        }

        return field with { Otherwise = text };
    }

    private FieldMapping ReadFormats(string place, JsonElement value, FieldMapping field)
    {
        if (value.ValueKind == JsonValueKind.String && value.GetString() == Receipt)
        {
            return field with { IsReceipt = true };
        }

        JsonElement[] given = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        var formats = new List<TimestampFormat?>();
        foreach (JsonElement one in given)
        {
            string? error = null;
            if (one.ValueKind != JsonValueKind.String)
            {
                error = $"is {one.GetRawText()}, but epoch-s, epoch-ms, epoch-us, epoch-ns, rfc3339, {Receipt} or a pattern such as yyyy-MM-dd HH:mm:ss is expected";
            }
            else if (one.GetString() == Receipt)
            {
                error = $"has {Receipt} in a list: \"default\": \"{Receipt}\" takes the time of receipt where a record has none";
            }
            else if (one.GetString() is "rfc3339")
            {
                formats.Add(null);
            }
            else if (TimestampFormat.TryCreate(one.GetString()!, out TimestampFormat? format, out string? wrong))
            {
                formats.Add(format);
            }
            else
            {
                error = $"is {one.GetRawText()}: {wrong}";
            }

            if (error is not null)
            {
                _errors.Add($"{place} {error}");
            }
        }

        if (given.Length is 0 or > FormatsMax)
        {
            _errors.Add($"{place} has {given.Length} formats, but 1 to {FormatsMax} are expected");
        }

        return field with { Formats = [.. formats] };
    }

    private List<KeyValuePair<string, string?>> ReadMap(string place, JsonElement value)
    {
        var map = new List<KeyValuePair<string, string?>>();
        if (value.ValueKind != JsonValueKind.Object)
        {
            _errors.Add($"{place} is {value.GetRawText()}, but an object is expected, such as {{\"delivered\": \"RECEIVED\"}}");
            return map;
        }

        foreach (JsonProperty member in value.EnumerateObject())
        {
            string? to = member.Value.ValueKind switch
            {
                JsonValueKind.String => member.Value.GetString(),
                JsonValueKind.Number => member.Value.GetRawText(),
                _ => null,
            };
            if (to is null && member.Value.ValueKind != JsonValueKind.Null)
            {
                _errors.Add($"{place}.{member.Name} is {member.Value.GetRawText()}, but text, a number or null is expected");
            }

            map.Add(KeyValuePair.Create(member.Name, to));
        }

        return map;
    }

    private ImmutableArray<FieldPath> ReadPaths(string place, JsonElement value)
    {
        JsonElement[] given = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        var paths = new List<FieldPath>();
        if (given.Length == 0)
        {
            _errors.Add($"{place} is empty, but a path is expected");
        }

        foreach (JsonElement one in given)
        {
            if (one.ValueKind != JsonValueKind.String)
            {
                _errors.Add($"{place} is {one.GetRawText()}, but a path as text is expected, such as \"payload.to.user\"");
            }
            else if (FieldPath.TryCreate(one.GetString()!, out FieldPath? path, out string? error))
            {
                paths.Add(path);
            }
            else
            {
                _errors.Add($"{place} {error}");
            }
        }

        return [.. paths];
    }

    private string? ReadText(string place, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            _errors.Add($"{place} is {value.GetRawText()}, but text is expected");
            return null;
        }

        return value.GetString();
    }

    private T ReadOne<T>(string place, JsonElement value, params ReadOnlySpan<(string Name, T Value)> known)
    {
        string names = "";
        foreach ((string name, T one) in known)
        {
            if (value.ValueKind == JsonValueKind.String && value.GetString() == name)
            {
                return one;
            }

            names += names.Length == 0 ? name : $", {name}";
        }

        _errors.Add($"{place} is {value.GetRawText()}, but one of {names} is expected");
        return known[0].Value;
    }
}
