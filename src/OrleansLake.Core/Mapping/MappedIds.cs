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

    /// <summary>Describes what is expected of a field that is a number.</summary>
    public static string Describe(MessageColumn column, IdTypes ids) => ids.Of(column.Name) == IdType.Number64
        ? $"{column.Name} is a whole number from {long.MinValue} to {long.MaxValue}" : $"{column.Name} is a whole number from {int.MinValue} to {int.MaxValue}";
}
