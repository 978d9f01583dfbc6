namespace OrleansLake.Core.Time;

/// <summary>Blanks around a value, which are part of it and not seen where it is shown.</summary>
internal static class Blanks
{
    /// <summary>Describes in words where blanks are, to be followed by what they are around; null if there are none, or nothing else.</summary>
    public static string? Describe(ReadOnlySpan<byte> text)
    {
        int before = text.Length - text.TrimStart(" \t\r\n"u8).Length;
        int behind = text.Length - text.TrimEnd(" \t\r\n"u8).Length;
        return before == text.Length || before + behind == 0 ? null
            : behind == 0 ? "a blank is before" : before == 0 ? "a blank is behind" : "blanks are before and behind";
    }
}
