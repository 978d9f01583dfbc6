using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansLake.Core.Tests.Parsing;

/// <summary>Ways to write several JSON texts into one.</summary>
internal static class Dialects
{
    public static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes texts in some dialect, and says whether they are an array's elements.</summary>
    public static (string Text, bool IsArray) Write(string[] texts, Random random)
    {
        string end = random.Next(2) == 0 ? "\n" : "\r\n";
        return random.Next(8) switch
        {
            0 => ($"[{string.Join(',', texts)}]", true),
            1 => ($"[{end}{string.Concat(texts.Select(text => text + "," + end))}]{end}", true),
            2 => (string.Concat(texts.Select(text => $"[ {text} ]{end}")), true),
            3 => (string.Concat(texts.Select(text => text + "," + end)), false),
            4 => (string.Concat(texts), false),
            5 => (string.Concat(texts.Select(text => "\u001e" + text + "\n")), false),
            6 => (string.Join('\r', texts), false),
            _ => (string.Join(end, texts), false),
        };
    }
}
