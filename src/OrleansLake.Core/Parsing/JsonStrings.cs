using System.Text.Json;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Parsing;

/// <summary>The strings of a line of JSON: decoded where they have escapes, and held to what UTF-8 can hold. One thread at a time.</summary>
internal sealed class JsonStrings
{
    private byte[] _scratch = [];

    /// <summary>Ensures capacity for all of a line's decoded text.</summary>
    public void Reserve(int lineBytes)
    {
        if (_scratch.Length < lineBytes)
        {
            _scratch = new byte[Math.Max(lineBytes, 1024)];
        }
    }

    /// <summary>Reads the text of a string or a name, decoded into the scratch from <paramref name="used"/> on if it must be.</summary>
    public bool TryRead(
        scoped ref Utf8JsonReader reader,
        scoped ref MessageFields fields,
        int used,
        out ReadOnlySpan<byte> text,
        bool keep = true)
    {
        text = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
        {
            return true;
        }

        // Decoded text is never longer than what it was decoded from, so all of a line's fits in the scratch. What is
        // not kept may overwrite what is: it is decoded behind it.
        int from = keep ? used : _scratch.Length - text.Length;
        if (JsonText.TryUnescape(text, _scratch.AsSpan(from), out int written))
        {
            text = _scratch.AsSpan(from, written);
            return true;
        }

        if (fields.Reason != RejectionReason.NotUtf8)
        {
            fields.Reason = RejectionReason.NotUtf8;
            fields.Detail = $"{ShownText.Quoted(text)} holds half a surrogate pair, but text that UTF-8 can hold is expected";
        }

        return false;
    }

    /// <summary>Passes a value, nested or not; its text too must be text.</summary>
    public void Skip(ref Utf8JsonReader reader, ref MessageFields fields)
    {
        int depth = reader.CurrentDepth;
        while (true)
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            {
                TryRead(ref reader, ref fields, 0, out _, keep: false);
            }

            if (reader.CurrentDepth == depth
                && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName))
            {
                return;
            }

            reader.Read();
        }
    }
}
