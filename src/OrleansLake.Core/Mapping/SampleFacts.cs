using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansLake.Core.Mapping;

/// <summary>The values of the records of a sample, by the way that leads there. No record makes it throw.</summary>
internal sealed class SampleFacts
{
    private const int NamesMax = 8;
    private const int PathsMax = 2000;

    // A notification that holds an event that holds a message, as text each.
    private const int TextsWithinMax = 3;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    private readonly Dictionary<string, PathFacts> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (ImmutableArray<string> Names, int Elements)> _lists = new(StringComparer.Ordinal);

    /// <summary>Gets the number of records.</summary>
    public int Records { get; private set; }

    /// <summary>Gets or sets a value indicating whether the records are of columns that say what their values are.</summary>
    public bool IsTyped { get; set; }

    /// <summary>Gets the places that have values, in the order in which they came.</summary>
    public List<PathFacts> Paths { get; } = [];

    /// <summary>Gets the arrays of objects that have more than one element, and how many at most.</summary>
    public IEnumerable<(ImmutableArray<string> Names, int Elements)> Lists => _lists.Values.Where(static list => list.Elements > 1);

    /// <summary>Takes a record.</summary>
    /// <param name="json">Its object.</param>
    public void Add(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Object)
        {
            Walk(json, [], TextsWithinMax, 0, isInArray: false);
            Records++;
        }
    }

    private void Walk(JsonElement json, ImmutableArray<string> names, int texts, int textAt, bool isInArray)
    {
        if (names.Length > NamesMax)
        {
            return;
        }

        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty member in json.EnumerateObject())
                {
                    if (TextOf(() => member.Name) is { } name)
                    {
                        Walk(member.Value, names.Add(name), texts, textAt, isInArray);
                    }
                }

                break;
            case JsonValueKind.Array when json.GetArrayLength() is > 0 and var length:
                if (json[0].ValueKind == JsonValueKind.Object)
                {
                    string key = string.Join('\0', names);
                    _lists[key] = (names, Math.Max(length, _lists.GetValueOrDefault(key).Elements));
                }

                Walk(json[0], names.Add("0"), texts, textAt, isInArray: true);
                break;
            case JsonValueKind.String when TextOf(json.GetString) is { } text:
                Take(names, text, json.ValueKind, textAt, isInArray);
                if (texts > 0 && text.AsSpan().TrimStart() is ['{' or '[', ..])
                {
                    WalkWithin(text, names, texts - 1, isInArray);
                }

                break;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                Take(names, json.GetRawText(), json.ValueKind, textAt, isInArray);
                break;
            default:
                break;
        }
    }

    private void WalkWithin(string text, ImmutableArray<string> names, int texts, bool isInArray)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            if (_known.TryGetValue(string.Join('\0', names), out PathFacts? facts))
            {
                facts.HoldsMore = true;
            }

            Walk(document.RootElement, names, texts, names.Length, isInArray);
        }
        catch (JsonException)
        {
            // It is a text like others.
        }
    }

    private void Take(ImmutableArray<string> names, string value, JsonValueKind kind, int textAt, bool isInArray)
    {
        string key = string.Join('\0', names);
        if (!_known.TryGetValue(key, out PathFacts? facts))
        {
            if (Paths.Count == PathsMax)
            {
                return;
            }

            facts = new PathFacts(names, textAt) { IsInArray = isInArray };
            _known.Add(key, facts);
            Paths.Add(facts);
        }

        // 7.0 is the id 7.
        value = kind == JsonValueKind.Number && value.IndexOf('.', StringComparison.Ordinal) is > 0 and var point && !value.AsSpan(point + 1).ContainsAnyExcept('0') ? value[..point] : value;
        facts.Add(Records, value, kind == JsonValueKind.Number, kind is JsonValueKind.True or JsonValueKind.False);
    }

    // Half of a surrogate pair is JSON, and not text.
    private static string? TextOf(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
