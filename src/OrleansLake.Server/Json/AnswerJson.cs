using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansLake.Server.Json;

/// <summary>The options with which answers are written as JSON: texts as they are, so that what is read at a terminal can be copied.</summary>
/// <remarks>By default quotation marks and more are escaped for pages of HTML, which no answer of ours becomes a part of: its type is JSON,
/// and with <c>nosniff</c> no browser takes it for anything else.</remarks>
internal static class AnswerJson
{
    internal static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static JsonWriterOptions Indented { get; } = Options with { Indented = true };

    /// <summary>Gets the options without checks, for what is written often.</summary>
    internal static JsonWriterOptions NotChecked { get; } = Options with { SkipValidation = true };
}
