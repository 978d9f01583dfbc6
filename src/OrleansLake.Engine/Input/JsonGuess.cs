using System.Text.Json;
using OrleansLake.Core.Parsing;

namespace OrleansLake.Engine.Input;

/// <summary>Guesses the kind of a text that begins as JSON does, and how much of it is JSON.</summary>
internal static class JsonGuess
{
    /// <summary>Returns the kind of a text that begins with a brace or a record separator; null if more must be seen, or if it is not JSON.</summary>
    internal static TextLayout? LayoutOf(ReadOnlySpan<byte> content, bool isAll)
    {
        if (content.IsEmpty)
        {
            return null;
        }

        switch (content[0])
        {
            case TextGuess.RecordSeparator:
                return TextLayout.Values;
            case (byte)'[':
                return TextLayout.Elements;
            case (byte)'{':
                return Objects(content, isAll);
            default:
                return null;
        }
    }

    /// <summary>
    /// Returns whether text that begins with <c>[</c> is an array: an object is in it, or its first element is JSON and nothing but
    /// more JSON or a line end follows it. Null if more must be seen. So a log's <c>[1] started</c> is not one.
    /// </summary>
    internal static bool? IsArray(ReadOnlySpan<byte> content, bool isAll)
    {
        var scanner = new JsonValueScanner(opensArrays: true);
        bool isFirst = true;
        bool isJson = true;
        for (int at = 0; ;)
        {
            ReadOnlySpan<byte> rest = content[at..];
            if (rest[(isFirst ? 1 : 0)..].TrimStart(" \t\r\n,"u8) is [(byte)']', .. var behind])
            {
                behind = behind.TrimStart(" \t,"u8);
                return behind.IsEmpty && !isAll ? null : isFirst || (isJson && behind is [] or [(byte)'\r' or (byte)'\n' or (byte)'[' or (byte)'{' or TextGuess.RecordSeparator, ..]);
            }

            bool isEnded = scanner.TryNext(rest, out int begin, out int end);
            if (begin >= 0 && rest[begin] == '{')
            {
                return true;
            }

            if (!isEnded)
            {
                return isAll ? isJson && (begin < 0 || CouldBeJson(rest[begin..], isAll: false)) : null;
            }

            isJson = isFirst ? CouldBeJson(rest[begin..end].TrimEnd(" \t\r"u8), isAll: true) : isJson;
            isFirst = false;
            at += end;
        }
    }

    // Lines, unless the first object spans several of them, or something but a line end follows it.
    private static TextLayout? Objects(ReadOnlySpan<byte> content, bool isAll)
    {
        var scanner = new JsonValueScanner(opensArrays: false);
        bool isEnded = scanner.TryNext(content, out _, out int length);
        ReadOnlySpan<byte> value = isEnded ? content[..length] : content;
        bool spansLines = value.ContainsAny((byte)'\n', (byte)'\r');
        if ((isEnded && !scanner.WasClosed) || (spansLines && !CouldBeJson(value, isAll: false) && HoldsLineOfJson(value, isAll)))
        {
            return TextLayout.Lines;
        }

        if (spansLines && (isEnded || isAll))
        {
            return TextLayout.Values;
        }

        ReadOnlySpan<byte> rest = content[value.Length..].TrimStart(" \t\r"u8);
        if (rest.IsEmpty)
        {
            return isAll ? TextLayout.Lines : null;
        }

        bool isOldLineEnd = content[value.Length..^rest.Length].Contains((byte)'\r') && rest[0] != '\n';
        return isOldLineEnd || rest[0] is (byte)'{' or (byte)',' or TextGuess.RecordSeparator ? TextLayout.Values : TextLayout.Lines;
    }

    // Of a value that is broken: whether it is half a line, and whole ones follow that its open bracket would take into it.
    private static bool HoldsLineOfJson(ReadOnlySpan<byte> value, bool isAll)
    {
        for (int end; (end = value.IndexOf((byte)'\n')) >= 0;)
        {
            value = value[(end + 1)..];
            int length = value.IndexOf((byte)'\n') is var next && next < 0 && isAll ? value.Length : next;
            if (length > 0 && value[0] == '{' && CouldBeJson(value[..length], isAll: true))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns whether an object at a text's end lacks bytes: a whole one is as it is, whatever its strings hold.</summary>
    internal static bool IsHalf(ReadOnlySpan<byte> tail) => tail is [(byte)'{', ..] && CouldGoOn(tail) && !IsObject(tail);

    /// <summary>Returns whether more bytes could complete JSON at a text's end.</summary>
    internal static bool CouldGoOn(ReadOnlySpan<byte> tail) => CouldBeJson(tail, isAll: false);

    /// <summary>Returns whether a line is one whole object.</summary>
    internal static bool IsObject(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && reader.TrySkip() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool CouldBeJson(ReadOnlySpan<byte> start, bool isAll)
    {
        try
        {
            var reader = new Utf8JsonReader(start, isFinalBlock: isAll && start.Length < TextGuess.LookedAtBytes, default);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Returns whether some line begins with a whole object, or is an array.</summary>
    /// <param name="content">The text.</param>
    /// <param name="isAll">Whether there are no more bytes, or no more are looked at.</param>
    /// <param name="isCut">Whether no more are looked at, so that the last line may go on.</param>
    internal static bool HasJsonLine(ReadOnlySpan<byte> content, bool isAll, bool isCut)
    {
        foreach (Range line in content.SplitAny((byte)'\n', (byte)'\r'))
        {
            ReadOnlySpan<byte> text = content[line].Trim(" \t"u8);
            bool isLast = line.End.Value == content.Length;
            if (text is [(byte)'[', ..] ? (isAll || !isLast) && CouldBeJson(text, isAll: true) : BeginsWhole(text) ?? (isLast && isCut && text.Length > 1))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns whether text begins with a whole object or array; null if it could, with more bytes.</summary>
    internal static bool? BeginsWhole(ReadOnlySpan<byte> text)
    {
        if (text is not [(byte)'{' or (byte)'[', ..])
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(text, isFinalBlock: false, default);
            return reader.Read() && reader.TrySkip() ? true : null;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
