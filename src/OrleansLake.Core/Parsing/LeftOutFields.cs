using System.Text;
using System.Text.Json;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Parsing;

/// <summary>
/// The fields of records that no column takes: their names, and how many values they had in records that are messages. What a nested
/// field is called is its path, with dots. Keeps scratch memory: one thread at a time.
/// </summary>
/// <remarks>Records of one source mostly have the same fields in the same order, so a name is first compared with the one that is next then.</remarks>
internal sealed class LeftOutFields
{
    /// <summary>The most names; values of others are counted under <see cref="OtherNames"/>.</summary>
    public const int NamesMax = 256;

    /// <summary>The name under which values of further names are counted.</summary>
    public const string OtherNames = "(others)";

    // Of a nested name; longer ones are cut.
    private const int NameBytesMax = 256;

    private const int NamesShownMax = 20;

    private readonly NameTable _names = new();
    private readonly List<string> _texts = [];
    private long[] _counts = new long[8];
    private int[] _pending = new int[8];
    private int _pendingCount;
    private readonly List<(int Start, int End)> _places = [];
    private int _next;
    private byte[] _path = [];
    private int _pathLength;

    /// <summary>Gets or sets a value indicating whether the places of fields are noted, of the reader of usual lines, and not their names.</summary>
    public bool NotesPlaces { get; set; }

    /// <summary>Gets the places in the block of the record under way.</summary>
    public ReadOnlySpan<(int Start, int End)> Places => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_places);

    /// <summary>Gets a value indicating whether the record under way has any.</summary>
    public bool IsPending => _pendingCount > 0;

    /// <summary>Gets the place of a name, for <see cref="See(int)"/>.</summary>
    public int CodeOf(ReadOnlySpan<byte> name)
    {
        name = name[..Math.Min(name.Length, NameBytesMax)];
        int code = _names.Find(name);
        if (code >= 0)
        {
            return code;
        }

        if (_names.Count >= NamesMax)
        {
            name = Encoding.UTF8.GetBytes(OtherNames);
        }

        code = _names.GetOrAdd(name);
        if (code == _texts.Count)
        {
            _texts.Add(Encoding.UTF8.GetString(name));
            if (code == _counts.Length)
            {
                Array.Resize(ref _counts, _counts.Length * 2);
            }
        }

        return code;
    }

    /// <summary>Notes the place of a field of the record under way.</summary>
    public void NotePlace(int start, int end) => _places.Add((start, end));

    /// <summary>Notes a value of the record under way.</summary>
    public void See(ReadOnlySpan<byte> name)
    {
        int code = _next < _names.Count && name.SequenceEqual(_names[_next]) ? _next : CodeOf(name);
        _next = code + 1;
        See(code);
    }

    /// <summary>Notes a value of the record under way.</summary>
    public void See(int code)
    {
        if (_pendingCount == _pending.Length)
        {
            Array.Resize(ref _pending, _pending.Length * 2);
        }

        _pending[_pendingCount++] = code;
    }

    /// <summary>Passes a value of JSON, on whose first token the reader is, and notes what is in it.</summary>
    /// <param name="place">What its name is within; empty: the record.</param>
    /// <param name="name">Its name; empty: it is an element of the place's array.</param>
    /// <param name="strings">Reads its text, which is to be text.</param>
    /// <param name="reader">Ends on its last token.</param>
    /// <param name="fields">Gets what is wrong.</param>
    public void Pass(ReadOnlySpan<byte> place, ReadOnlySpan<byte> name, JsonStrings strings, ref Utf8JsonReader reader, ref MessageFields fields)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (reader.TokenType != JsonTokenType.StartObject && place.IsEmpty)
        {
            See(name);
            strings.Skip(ref reader, ref fields);
            return;
        }

        StartPath(place, name);
        Pass(strings, ref reader, ref fields);
    }

    /// <summary>Starts the path of a value.</summary>
    /// <param name="place">What its name is within; empty: the record.</param>
    /// <param name="name">Its name; empty: it is an element of the place's array.</param>
    public void StartPath(ReadOnlySpan<byte> place, ReadOnlySpan<byte> name)
    {
        _pathLength = 0;
        AddToPath(place);
        if (!name.IsEmpty)
        {
            AddToPath(name);
        }
    }

    /// <summary>Adds a name to the path.</summary>
    /// <returns>The path's length before, for <see cref="CutPath"/>.</returns>
    public int AddToPath(ReadOnlySpan<byte> name)
    {
        int before = _pathLength;
        if (_path.Length < _pathLength + name.Length + 1)
        {
            Array.Resize(ref _path, Math.Max(NameBytesMax, 2 * (_pathLength + name.Length + 1)));
        }

        if (_pathLength > 0)
        {
            _path[_pathLength++] = (byte)'.';
        }

        name.CopyTo(_path.AsSpan(_pathLength));
        _pathLength += name.Length;
        return before;
    }

    /// <summary>Cuts the path back to a length.</summary>
    public void CutPath(int length) => _pathLength = length;

    /// <summary>Notes a value at the path.</summary>
    public void SeePath() => See(_path.AsSpan(0, _pathLength));

    /// <summary>Counts the values of the record under way, which is a message.</summary>
    public void Accept()
    {
        foreach (int code in _pending.AsSpan(0, _pendingCount))
        {
            _counts[code]++;
        }

        Drop();
    }

    /// <summary>Forgets the record under way: it is not a message, or is read otherwise.</summary>
    public void Drop()
    {
        _pendingCount = 0;
        _places.Clear();
        _next = 0;
    }

    /// <summary>Returns the values by name since the last call; null if there are none.</summary>
    public Dictionary<string, long>? Take()
    {
        Dictionary<string, long>? counts = null;
        for (int code = 0; code < _texts.Count; code++)
        {
            if (_counts[code] > 0)
            {
                (counts ??= []).TryAdd(_texts[code], _counts[code]);
                _counts[code] = 0;
            }
        }

        return counts;
    }

    /// <summary>Adds values by name to others.</summary>
    public static void Add(ref Dictionary<string, long>? all, IReadOnlyDictionary<string, long>? more)
    {
        foreach ((string name, long count) in more ?? new Dictionary<string, long>())
        {
            all ??= [];
            string known = all.ContainsKey(name) || all.Count < NamesMax ? name : OtherNames;
            all[known] = all.GetValueOrDefault(known) + count;
        }
    }

    /// <summary>Names the fields: <c>2 fields are in no column: plan, campaign.id (12,000 values)</c>.</summary>
    public static string Describe(IReadOnlyDictionary<string, long> counts)
    {
        string[] names = [.. counts.Keys.Where(static name => name != OtherNames)];
        bool hasOthers = names.Length < counts.Count;
        string shown = string.Join(", ", names.Take(NamesShownMax).Select(static name => name.Length == 0 ? "\"\"" : ShownText.Of(Encoding.UTF8.GetBytes(name))));
        string rest = hasOthers ? " and others" : names.Length > NamesShownMax ? $" and {Counted.Of(names.Length - NamesShownMax, "other")}" : "";
        return $"{(hasOthers ? "more than " : "")}{Counted.Of(names.Length, "field")} {(names.Length == 1 && !hasOthers ? "is" : "are")} in no column: {shown}{rest} ({Counted.Of(counts.Values.Sum(), "value")})";
    }

    private void Pass(JsonStrings strings, ref Utf8JsonReader reader, ref MessageFields fields)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        int length = _pathLength;
        bool isEmpty = true;
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            for (; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; isEmpty = false)
            {
                if (strings.TryRead(ref reader, ref fields, 0, out ReadOnlySpan<byte> name, keep: false))
                {
                    AddToPath(name);
                }

                reader.Read();
                Pass(strings, ref reader, ref fields);
                _pathLength = length;
            }
        }
        else
        {
            strings.Skip(ref reader, ref fields);
        }

        if (isEmpty)
        {
            SeePath();
        }
    }
}
