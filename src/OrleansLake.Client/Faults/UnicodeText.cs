namespace OrleansLake.Client.Faults;

/// <summary>
/// Checks that a .NET string is valid Unicode text: one that holds half a surrogate pair would become U+FFFD in UTF-8, so that two of them are the
/// same, and something else is stored or asked for.
/// </summary>
internal static class UnicodeText
{
    /// <summary>The fault of a string that is not, as it follows a subject.</summary>
    internal const string Fault = "holds half a surrogate pair, which is not text";

    internal static bool Is(string text)
    {
        int at = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF');
        for (; at >= 0 && at < text.Length; at++)
        {
            if (char.IsSurrogate(text[at]) && !(at + 1 < text.Length && char.IsSurrogatePair(text[at], text[++at])))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Refuses what is asked for by a string that is not text.</summary>
    /// <exception cref="LakeClientException">It is not.</exception>
    internal static void Check(string text, string what)
    {
        if (!Is(text))
        {
            throw new LakeClientException(LakeClientErrorKind.BadRequest, $"The {what} {Fault}.");
        }
    }
}
