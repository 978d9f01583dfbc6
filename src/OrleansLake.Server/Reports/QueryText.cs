using System.Globalization;
using System.Text;
using Microsoft.Extensions.Primitives;
using OrleansLake.Client;
using OrleansLake.Core.Messages;
using OrleansLake.Server.Errors;

namespace OrleansLake.Server.Reports;

/// <summary>Reads a request's parameters. One that is not known, or cannot be read, is an error that names it.</summary>
internal sealed class QueryText(HttpContext context, params string[] known)
{
    /// <summary>More values than anybody means: bounds the work of a filter.</summary>
    private const int ValuesMax = 1000;

    private const int NameShownMax = 50;

    private readonly IQueryCollection _query = Checked(context.Request.Query, known);

    /// <summary>Returns the parameter among some that the request has; null if it has none of them.</summary>
    internal string? FirstOf(IEnumerable<string> names) => names.FirstOrDefault(_query.ContainsKey);

    internal string? Text(string name)
    {
        StringValues values = _query[name];
        return values.Count switch
        {
            0 => null,
            1 => values[0],
            _ => throw RequestException.Bad("bad-parameter", $"'{name}' occurs {values.Count} times, but can occur once."),
        };
    }

    /// <summary>
    /// Returns a parameter that occurs several times, or holds several values with commas between. A comma that is part of a value has a
    /// backslash before it, and so has a backslash before either.
    /// </summary>
    internal List<string>? Texts(string name)
    {
        StringValues values = _query[name];
        if (values.Count == 0)
        {
            return null;
        }

        List<string> texts = [.. values.SelectMany(value => Parts(value ?? ""))];
        return texts.Count <= ValuesMax ? texts : throw RequestException.Bad("bad-parameter", $"'{name}' has {texts.Count} values; at most {ValuesMax} are allowed.");
    }

    internal int? Number(string name, int min, int max)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max ? number
            : throw RequestException.Bad("bad-parameter", $"'{name}' is to be a whole number from {min} to {max}.");
    }

    internal bool Flag(string name) => Text(name) switch
    {
        null or "false" or "0" => false,
        "true" or "1" or "" => true,
        _ => throw RequestException.Bad("bad-parameter", $"'{name}' is to be true or false."),
    };

    internal LakePosition? Position(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return LakePosition.TryParse(text, out LakePosition? position) ? position
            : throw RequestException.Bad("bad-parameter", $"'{name}' is not a position; a position looks like 1.4711 and is in the header Lake-Position of an answer.");
    }

    /// <summary>Returns the parameters <c>date</c>, <c>from</c>, <c>to</c>, <c>channel</c>, <c>user</c> and <c>top</c>.</summary>
    /// <param name="lake">The lake, which is asked for the type of users where some are named.</param>
    /// <param name="prefix">What precedes their names.</param>
    internal async ValueTask<ReportFilter> FilterAsync(ILakeClient lake, string prefix = "")
    {
        DateOnly? date = Date(prefix + "date");
        DateOnly? from = Date(prefix + "from");
        DateOnly? to = Date(prefix + "to");
        if (date is not null && (from ?? to) is not null)
        {
            throw RequestException.Bad("bad-parameter", $"'{prefix}date' excludes '{prefix}from' and '{prefix}to'.");
        }

        if (from > to)
        {
            throw RequestException.Bad("bad-parameter", $"'{prefix}from' is after '{prefix}to': no date is both.");
        }

        List<string>? users = Texts(prefix + "user");
        IdType type = users is null ? IdType.Number32 : (await lake.GetIdTypesAsync(context.RequestAborted).ConfigureAwait(false)).User;
        return new ReportFilter
        {
            From = date ?? from,
            To = date ?? to,
            Channels = Texts(prefix + "channel"),
            Users = users?.ConvertAll(user => User(user, type)),
            Top = Number(prefix + "top", 1, int.MaxValue),
        };
    }

    private static string[] Parts(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text.Split(',');
        }

        List<string> parts = [];
        var part = new StringBuilder();
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == ',')
            {
                parts.Add(part.ToString());
                part.Clear();
                continue;
            }

            bool isEscape = text[at] == '\\' && at + 1 < text.Length && text[at + 1] is (',' or '\\');
            part.Append(text[isEscape ? ++at : at]);
        }

        return [.. parts, part.ToString()];
    }

    private DateOnly? Date(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) ? date
            : throw RequestException.Bad("bad-parameter", $"'{name}' is to be a date such as 2024-12-16.");
    }

    private static IdValue User(string text, IdType type) => type switch
    {
        IdType.Text => new IdValue(text),
        IdType.Number64 => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long user) ? user : throw NotUser(64),
        _ => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int user) ? user : throw NotUser(32),
    };

    private static RequestException NotUser(int bits) =>
        RequestException.Bad("bad-parameter", $"'user' is to be a whole number of {bits} bits, or several with commas between.");

    private static string Shown(string name) => string.Concat((name.Length > NameShownMax ? name[..NameShownMax] + "..." : name).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));

    private static IQueryCollection Checked(IQueryCollection query, string[] known)
    {
        foreach (string name in query.Keys)
        {
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                throw RequestException.Bad("unknown-parameter", known.Length == 0 ? $"There is no parameter '{Shown(name)}'; this takes none." : $"There is no parameter '{Shown(name)}'; there are: {string.Join(", ", known)}.");
            }
        }

        return query;
    }
}
