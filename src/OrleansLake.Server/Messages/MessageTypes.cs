using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace OrleansLake.Server.Messages;

/// <summary>The media types of texts that hold messages, sent over HTTP or delivered by a queue.</summary>
internal static class MessageTypes
{
    internal const string Json = "application/json";

    /// <summary>One record as a form, over HTTP alone.</summary>
    internal const string Form = "application/x-www-form-urlencoded";

    /// <summary>All of them in words.</summary>
    internal const string Known = "application/x-ndjson (application/ndjson, application/jsonl, application/x-jsonlines) for one JSON object a line, or application/json (text/json, application/...+json) for one object, several, or an array of them";

    /// <summary>All that have a name of their own.</summary>
    internal static readonly string[] Named = ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines", Json, "text/json"];

    /// <summary>Returns whether a text of a type is JSON that may span lines, and not a message a line; null if it is not read.</summary>
    internal static bool? IsJsonText(MediaTypeHeaderValue type) =>
        type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase) ? true
        : Named.Contains(type.MediaType.ToString(), StringComparer.OrdinalIgnoreCase) ? type.SubType.Equals("json", StringComparison.OrdinalIgnoreCase)
        : null;

    /// <summary>Returns whether a type's text is UTF-8; it is if it says nothing.</summary>
    internal static bool IsUtf8(MediaTypeHeaderValue type)
    {
        // "utf-8" between quotes is the same (RFC 9110, section 5.6.6).
        StringSegment charset = HeaderUtilities.RemoveQuotes(type.Charset);
        return !charset.HasValue || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase);
    }
}
