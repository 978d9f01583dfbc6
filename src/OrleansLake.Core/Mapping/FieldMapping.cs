using System.Collections.Immutable;
using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Mapping;

/// <summary>The rule by which one field of a message is made of a record.</summary>
public sealed record FieldMapping
{
    /// <summary>Gets the field.</summary>
    public required MessageColumn Column { get; init; }

    /// <summary>Gets the paths that are tried in this order, unless <see cref="IsJoined"/>; empty: the field has none.</summary>
    public ImmutableArray<FieldPath> From { get; init; } = [];

    /// <summary>Gets a value indicating whether the values of all paths, one behind the other, are the field.</summary>
    public bool IsJoined { get; init; }

    /// <summary>Gets what is put between joined values.</summary>
    public string Separator
    {
        get;
        init
        {
            field = value;
            SeparatorUtf8 = Encoding.UTF8.GetBytes(value);
        }
    } = "";

    /// <summary>Gets the value where no path has one, or of every record where there is no path; null: the field is null then.</summary>
    public string? Otherwise
    {
        get;
        init
        {
            field = value;
            OtherwiseUtf8 = Encoding.UTF8.GetBytes(value ?? "");
        }
    }

    /// <summary>Gets a value indicating whether the time at which the record was received is the timestamp where no path has one.</summary>
    public bool IsReceipt { get; init; }

    /// <summary>Gets the case of its text, changed before its map is asked.</summary>
    public TextCase Case { get; init; }

    /// <summary>Gets its map; null: values are as they are.</summary>
    public ValueMap? Map { get; init; }

    /// <summary>Gets the formats that are tried for a timestamp, in this order, of which null is RFC 3339 and similar forms; empty: the source's.</summary>
    public ImmutableArray<TimestampFormat?> Formats { get; init; } = [];

    /// <summary>Gets <see cref="Separator"/> in UTF-8.</summary>
    internal byte[] SeparatorUtf8 { get; private init; } = [];

    /// <summary>Gets <see cref="Otherwise"/> in UTF-8.</summary>
    internal byte[] OtherwiseUtf8 { get; private init; } = [];

    /// <summary>Gets a value indicating whether it is the value at one path and nothing else, so that it needs no other value.</summary>
    internal bool IsItsValue => From.Length == 1 && !IsJoined && !IsReceipt && Otherwise is null;

    /// <summary>Gets a value indicating whether a value is the field's as it is: no case, no map, no format.</summary>
    internal bool IsAsItIs => Case == TextCase.Kept && Map is null && Formats.IsEmpty;

    /// <summary>Returns the paths for people: <c>eventType or event</c>.</summary>
    internal string DescribePaths() => string.Join(IsJoined ? " and " : " or ", From);
}
