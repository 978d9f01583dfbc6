using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Mapping;

/// <summary>
/// The rules by which the records of a source become messages, if they are not messages as they are: for each field a path, a constant, a map of
/// values, a format. Fields that it does not name are taken by their own names. May be shared between threads.
/// </summary>
/// <remarks>The file: <c>docs/mappings.md</c>.</remarks>
public sealed class MessageMapping
{
    /// <summary>The name of the mapping that a lake uses where none is named.</summary>
    public const string DefaultName = "default";

    /// <summary>The most bytes in a mapping's file.</summary>
    public const int BytesMax = 1 << 20;

    /// <summary>The most paths of all fields together.</summary>
    public const int PathsMax = 64;

    /// <summary>The most characters in a name.</summary>
    private const int NameCharsMax = 63;

    internal MessageMapping(string text, ImmutableArray<FieldMapping?> fields)
    {
        Text = text;
        Fields = fields;
        var first = new int[fields.Length];
        var choices = new List<PathNode>();
        var fieldsOfSlots = new List<int>();
        for (int i = 0; i < fields.Length; i++)
        {
            first[i] = Slots;
            foreach (FieldPath path in fields[i]?.From ?? [])
            {
                PathNode end = Root.Add(path.Names.AsSpan(), Slots++);
                end.Field = end.Slots.Count == 1 && fields[i]!.IsItsValue ? i : -1;
                fieldsOfSlots.Add(i);
                if (fields[i]!.From.Length > 1)
                {
                    choices.Add(end);
                }
            }
        }

        // A name with dots itself, as in a form, is another place for the path.
        Paths = Slots;
        Alternates = [.. Enumerable.Repeat(-1, Paths)];
        foreach ((FieldPath path, int slot) in fields.SelectMany(static field => field?.From ?? []).Select(static (path, slot) => (path, slot)).Where(static one => !one.path.IsPointer && one.path.Names.Length > 1))
        {
            Alternates[slot] = Slots++;
            PathNode end = Root.Add([path.Text], Alternates[slot]);
            end.Field = -1;
            fieldsOfSlots.Add(fieldsOfSlots[slot]);
            choices.Add(end);
        }

        Choices = [.. choices.Distinct()];
        FieldsOfSlots = [.. fieldsOfSlots];

        FirstSlots = [.. first];
        for (int i = 0; i < fields.Length; i++)
        {
            Settled |= fields[i] is null or { From.IsEmpty: true } ? MessageSchema.Columns[i].Flag : KnownColumns.None;
        }
    }

    /// <summary>Gets the mapping of records that are messages as they are.</summary>
    public static MessageMapping None { get; } = new("{\"fields\":{}}", [.. MessageSchema.Columns.Select(MappingReader.Itself)]);

    /// <summary>Gets the format of a date that a column of a table holds.</summary>
    /// <remarks>Made when it is first asked for, which is not where a lake opens.</remarks>
    internal static TimestampFormat StoredDate => field ??= TimestampFormat.TryCreate("yyyy-MM-dd", out TimestampFormat? format, out string? error) ? format : throw new InvalidOperationException(error);

    /// <summary>Gets the file's text, as it was given.</summary>
    public string Text { get; }

    /// <summary>Gets how each field is made, in the order of <see cref="MessageSchema.Columns"/>; null: it is null in every message.</summary>
    public ImmutableArray<FieldMapping?> Fields { get; }

    /// <summary>Gets the number of paths of all fields.</summary>
    internal int Paths { get; }

    /// <summary>Gets the number of values that a record may have for all paths.</summary>
    internal int Slots { get; }

    /// <summary>Gets, by path, the number of the value of the name that is the path's whole text, where that is another one; else -1.</summary>
    internal int[] Alternates { get; }

    /// <summary>Gets the places of which a field may take another one's value instead.</summary>
    internal PathNode[] Choices { get; }

    /// <summary>Gets, by the number of a value, the index of its field.</summary>
    internal int[] FieldsOfSlots { get; }

    /// <summary>Gets the number of each field's first path; the field's others follow.</summary>
    internal ImmutableArray<int> FirstSlots { get; }

    /// <summary>Gets the fields that are the same in every message.</summary>
    internal KnownColumns Settled { get; }

    /// <summary>Gets where paths begin.</summary>
    internal PathNode Root { get; } = new();

    /// <summary>Reads a mapping's file.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="mapping">The mapping.</param>
    /// <param name="error">All that is wrong with it, each with its place in the file.</param>
    /// <param name="ids">The types of the lake's ids, of which its constants and the values of its maps are to be; null: numbers of 32 bits.</param>
    public static bool TryParse(ReadOnlySpan<byte> json, [NotNullWhen(true)] out MessageMapping? mapping, [NotNullWhen(false)] out string? error, IdTypes? ids = null)
    {
        var reader = new MappingReader(ids ?? IdTypes.Default);
        mapping = reader.Read(json);
        error = mapping is null ? reader.Error : null;
        return mapping is not null;
    }

    /// <summary>Names the fields that are missing, each with the paths to it: <c>no value (from body) or user_id (from uid)</c>.</summary>
    /// <param name="seen">The fields that some record had.</param>
    /// <param name="onlyRenamed">Whether fields that are taken by their own names may be missing.</param>
    /// <returns>Null if none is missing.</returns>
    public string? DescribeMissing(KnownColumns seen, bool onlyRenamed = false)
    {
        string[] missing = [.. Fields.Where(field => field is not null && (seen & field.Column.Flag) == 0).Select(static field => (field!.Column.Name, Paths: field.DescribePaths()))
            .Where(field => !onlyRenamed || field.Paths != field.Name).Select(static field => field.Paths == field.Name ? field.Paths : $"{field.Name} (from {field.Paths})")];
        return missing.Length == 0 ? null : $"no {(missing.Length == 1 ? "" : $"{string.Join(", ", missing[..^1])} or ")}{missing[^1]}";
    }

    /// <summary>
    /// Returns the mapping for rows of a table of typed columns that are kept as JSON: there, what was a date or a time in its column is text
    /// in one form, whatever the mapping's formats.
    /// </summary>
    /// <param name="format">The format of timestamps where the mapping has none.</param>
    internal MessageMapping OfStoredRows(TimestampFormat? format) => new(Text, Fields.SetItem(0, Fields[0]! with
    {
        Formats = [.. Fields[0]!.Formats is { IsEmpty: false } formats ? formats : [format], StoredDate, null],
    }));

    /// <summary>Returns whether a mapping may have a name: <c>[a-z][a-z0-9_-]{0,62}</c>.</summary>
    public static bool IsName([NotNullWhen(true)] string? name) =>
        name is { Length: > 0 and <= NameCharsMax } && name[0] is >= 'a' and <= 'z' && name.All(static c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-');
}
