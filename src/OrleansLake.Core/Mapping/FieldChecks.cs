using System.Text.Json;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Mapping;

/// <summary>Checks the rules of one field that a mapping's file gives, each of which can be read.</summary>
/// <param name="errors">Gets what is wrong, with its place in the file.</param>
/// <param name="ids">The types of the lake's ids.</param>
internal sealed class FieldChecks(List<string> errors, IdTypes ids)
{
    /// <summary>Finds members that contradict each other, or would have no effect.</summary>
    public void CheckMembers(string place, JsonElement field, MessageColumn column)
    {
        bool Has(string name) => field.TryGetProperty(name, out _);
        bool IsReceipt(string name) => field.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() == MappingReader.Receipt;
        bool isReceipt = IsReceipt("format");
        foreach ((string one, string other) in (ReadOnlySpan<(string, string)>)[("from", "join"), ("from", "constant"), ("join", "constant"), ("constant", "default"), ("constant", "map"), ("constant", "case")])
        {
            if (Has(one) && Has(other))
            {
                errors.Add($"{place} has both {one} and {other}: give one of them");
            }
        }

        if (isReceipt && Has("default") && !IsReceipt("default"))
        {
            errors.Add($"{place} has the format {MappingReader.Receipt} and a default: the time of receipt is the default then; give one of them");
        }

        if (!Has("from") && !Has("join") && !Has("constant") && !isReceipt)
        {
            errors.Add($"{place} has none of from, join and constant: give one of them");
        }

        foreach ((string one, string needed) in (ReadOnlySpan<(string, string)>)[("separator", "join"), ("otherwise", "map")])
        {
            if (Has(one) && !Has(needed))
            {
                errors.Add($"{place} has {one} without {needed}, so it means nothing");
            }
        }

        bool isTimestamp = column == MessageSchema.Timestamp;
        foreach (string one in isTimestamp ? (ReadOnlySpan<string>)["map", "case"] : ["format"])
        {
            if (Has(one))
            {
                errors.Add($"{place}.{one}: {(isTimestamp ? $"{column.Name} takes a format instead" : $"only {MessageSchema.Timestamp.Name} has a format")}");
            }
        }
    }

    /// <summary>Finds a constant or a default that is not a time: it would be wrong in each record.</summary>
    public void CheckTime(string place, FieldMapping field)
    {
        if (field.Column != MessageSchema.Timestamp || field.Otherwise is null || TimestampText.TryParse(field.OtherwiseUtf8, LakeTimeZone.Utc, out _, out _)
            || field.Formats.Any(format => format?.TryParse(field.OtherwiseUtf8, LakeTimeZone.Utc, out _, out _) == true))
        {
            return;
        }

        string formats = string.Join(" or ", field.Formats.OfType<TimestampFormat>());
        errors.Add($"{place}.{(field.From.IsEmpty ? "constant" : "default")} is \"{field.Otherwise}\", but a date and time such as 2024-12-16T10:00:00Z{(formats.Length == 0 ? "" : $", or one written as {formats},")} is expected; {MappingReader.Receipt} is the time of receipt");
    }

    /// <summary>Finds names that no value can have, and values that are not the field's.</summary>
    public void CheckMap(string place, List<KeyValuePair<string, string?>>? map, FieldMapping field)
    {
        foreach ((string name, string? to) in map ?? [])
        {
            if (field.Case != TextCase.Kept && name.Any(field.Case == TextCase.Upper ? char.IsAsciiLetterLower : char.IsAsciiLetterUpper))
            {
                string letters = field.Case == TextCase.Upper ? "upper" : "lower";
                errors.Add($"{place}.map.{name} can never match: values are put into {letters} case before the map is asked, so write its names in {letters} case");
            }

            if (to is not null && !MappedIds.Allow(field.Column, to, ids))
            {
                errors.Add($"{place}.map.{name} is \"{to}\", but {MappedIds.Describe(field.Column, ids, to)}");
            }
        }
    }
}
