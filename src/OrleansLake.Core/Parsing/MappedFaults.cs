using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Parsing;

/// <summary>The words of what a mapping rejects.</summary>
internal static class MappedFaults
{
    /// <summary>Rejects a value that is neither a text nor a number.</summary>
    public static void FailKind(InputField field, FieldMapping how, ReadOnlySpan<byte> text, ref MessageFields fields)
    {
        if (field == InputField.Timestamp && !how.Formats.IsEmpty)
        {
            fields.Fail(RejectionReason.WrongType, $"timestamp is {ShownText.Of(text)}, but a timestamp written as {Described(how)} is expected");
        }
        else
        {
            fields.FailType(field, ShownText.Of(text));
        }
    }

    private static string Described(FieldMapping how) => string.Join(" or ", how.Formats.Select(static format => format?.Text ?? "rfc3339"));

    /// <summary>Rejects a timestamp that none of several formats takes.</summary>
    public static void FailFormats(FieldMapping how, bool isNumber, ReadOnlySpan<byte> text, LakeTimeZone zone, ref MessageFields fields)
    {
        TimestampFormat? pattern = how.Formats.FirstOrDefault(static format => format is { IsEpoch: false }) ?? how.Formats.FirstOrDefault(static format => format is not null);
        fields.Fail(
            RejectionReason.UnreadableTimestamp,
            $"timestamp is {(isNumber ? ShownText.Of(text) : ShownText.Quoted(text))}, but a timestamp written as {Described(how)} is expected{TimestampLook.Describe(text, pattern, zone, TimestampAdvice.Mapping)}");
    }

    /// <summary>Names the paths of a field behind its name, in the sentence that rejects it.</summary>
    public static void NamePaths(InputField field, FieldMapping? how, string? paths, ref MessageFields fields)
    {
        string name = InputFields.Name(field);
        if (how is { From.IsEmpty: false } && fields.Detail!.StartsWith(name, StringComparison.Ordinal) && paths != name)
        {
            fields.Detail = $"{name} (from {paths}){fields.Detail[name.Length..]}";
        }
    }
}
