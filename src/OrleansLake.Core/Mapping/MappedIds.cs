using System.Globalization;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Mapping;

/// <summary>Holds the constants and the values of maps to the types of a lake's ids.</summary>
internal static class MappedIds
{
    /// <summary>Returns whether a text is one of a field's; of a field that is not an id every text is.</summary>
    public static bool Allow(MessageColumn column, string text, IdTypes ids) => column.Type != MessageColumnType.Number || ids.Of(column.Name) switch
    {
        IdType.Text => true,
        IdType.Number64 => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        _ => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
    };

    /// <summary>Describes what is expected of a field that is a number, instead of a text.</summary>
    public static string Describe(MessageColumn column, IdTypes ids, string text) =>
        $"{column.Name} is a whole number from {(ids.Of(column.Name) == IdType.Number64 ? long.MinValue : int.MinValue)} to {(ids.Of(column.Name) == IdType.Number64 ? long.MaxValue : int.MaxValue)}, or {(IsWider(column, ids, text) ? "one of 64 bits" : "text")} in a lake that is created with {IdTypes.OptionOf(column.Name)} {(IsWider(column, ids, text) ? "int64" : "text")}";

    // Countries are numbers of 32 bits or text.
    private static bool IsWider(MessageColumn column, IdTypes ids, string text) =>
        column == MessageSchema.UserId && ids.Of(column.Name) == IdType.Number32 && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
}
