using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using OrleansLake.Core.Parsing;

namespace OrleansLake.Client.Settings;

/// <summary>Reads the text of a setting, and says what would be right where it is not.</summary>
internal static class SettingText
{
    private const int ShownMax = 100;
    private const int HexShownMax = 8;

    /// <summary>Reads a text; false if it is not a value of the type.</summary>
    internal static bool TryRead(string text, Type type, [NotNullWhen(true)] out object? value)
    {
        value = null;
        if (type == typeof(string))
        {
            value = text;
        }
        else if (type == typeof(bool))
        {
            value = bool.TryParse(text, out bool flag) ? flag : null;
        }
        else if (type.IsEnum)
        {
            value = EnumOrNull(text, type);
        }
        else if (type == typeof(TimeSpan))
        {
            // Hours, minutes and seconds, all of them: .NET reads '10' as ten days, and '24:00:00' as twenty-four.
            value = text.Count(':') == 2 && TimeSpan.TryParseExact(text.Trim(), "c", CultureInfo.InvariantCulture, out TimeSpan duration) ? duration : null;
        }
        else if (type == typeof(Uri))
        {
            value = Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) ? uri : null;
        }
        else
        {
            value = NumberOrNull(text, type);
        }

        return value is not null;
    }

    /// <summary>Returns the valid values of a member, as they follow "give".</summary>
    internal static string Expected(SettingMember member)
    {
        if (member.Rule is { } rule)
        {
            return rule.Expected;
        }

        Type type = member.Type;
        string what = type == typeof(bool) ? "true or false"
            : type == typeof(TimeSpan) ? "a duration such as 00:00:05 (hours:minutes:seconds; two days are 2.00:00:00)"
            : type == typeof(Uri) ? "an address such as https://example.com"
            : type == typeof(string) ? "a text"
            : type.IsEnum ? NamesOf(type)
            : type == typeof(double) || type == typeof(float) ? "a number" : "a whole number";
        return member.Range is { } range ? string.Create(CultureInfo.InvariantCulture, $"{what} from {Bound(range.Minimum)} to {Bound(range.Maximum)}") : what;
    }

    private static string Bound(object bound) => bound is TimeSpan { Ticks: var ticks } duration && ticks % TimeSpan.TicksPerSecond != 0
        ? duration.ToString("c").TrimEnd('0') : Convert.ToString(bound, CultureInfo.InvariantCulture)!;

    /// <summary>Returns the value of an enumeration that a text was probably meant to name; null if none is near.</summary>
    internal static string? Nearest(string text, Type type) => !type.IsEnum ? null
        : text.Split(',').Select(part => part.Trim()).Where(part => EnumOrNull(part, type) is null).Select(part => NearestName.Of(part, Enum.GetNames(type))).FirstOrDefault();

    /// <summary>Returns the value for a message: on one line, cut where it is long, and not at all where it may be a secret.</summary>
    internal static string Shown(string? text, bool isSecret)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "is empty";
        }

        // A few digits are somebody's try, not a secret; a longer text where a hash belongs may be the key itself.
        if (isSecret && (text.Length > HexShownMax || !text.All(char.IsAsciiHexDigit)))
        {
            return string.Create(CultureInfo.InvariantCulture, $"is a text of {text.Length} characters that is not shown");
        }

        string line = string.Concat((text.Length > ShownMax ? text[..ShownMax] + "..." : text).Select(c => char.IsControl(c) ? ' ' : c));
        return $"is '{line}'";
    }

    /// <summary>Lists names with commas between, and <c>or</c> before the last.</summary>
    internal static string Listed(IEnumerable<string> names, string last = "or")
    {
        string[] all = [.. names];
        return all.Length < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} {last} {all[^1]}";
    }

    private static string NamesOf(Type type)
    {
        bool areFlags = type.IsDefined(typeof(FlagsAttribute));
        string names = Listed(Enum.GetNames(type).Where(name => !areFlags || Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture) != 0));
        return areFlags ? names + ", several with commas between" : names;
    }

    private static object? EnumOrNull(string text, Type type)
    {
        // Names only: a number would open whatever has it in another version.
        if (!text.Split(',').All(static name => name.Trim() is [var first, ..] && char.IsAsciiLetter(first)) || !Enum.TryParse(type, text, ignoreCase: true, out object? value))
        {
            return null;
        }

        if (!type.IsDefined(typeof(FlagsAttribute)))
        {
            return !text.Contains(',', StringComparison.Ordinal) && Enum.IsDefined(type, value) ? value : null;
        }

        long known = Enum.GetValuesAsUnderlyingType(type).Cast<object>().Aggregate(0L, (all, one) => all | Convert.ToInt64(one, CultureInfo.InvariantCulture));
        return (Convert.ToInt64(value, CultureInfo.InvariantCulture) & ~known) == 0 ? value : null;
    }

    private static object? NumberOrNull(string text, Type type)
    {
        try
        {
            NumberStyles style = type == typeof(double) || type == typeof(float) ? NumberStyles.Float : NumberStyles.Integer;
            return type == typeof(double) ? double.Parse(text, style, CultureInfo.InvariantCulture)
                : type == typeof(float) ? float.Parse(text, style, CultureInfo.InvariantCulture)
                : Convert.ChangeType(decimal.Parse(text, style, CultureInfo.InvariantCulture), type, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return null;
        }
    }
}
