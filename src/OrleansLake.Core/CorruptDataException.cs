namespace OrleansLake.Core;

/// <summary>
/// Bytes that were read back are not what was written: the lake is damaged. Trying again does not help, continuing
/// would lose or double messages; so a reader that meets it stops and reports it.
/// </summary>
/// <param name="file">The file (or the part of one) that is damaged.</param>
/// <param name="offset">The byte in it from which on it cannot be trusted; -1 if that is unknown.</param>
/// <param name="what">What is wrong.</param>
/// <param name="remedy">What a person can do about it.</param>
public sealed class CorruptDataException(string file, long offset, string what, string remedy)
    : Exception(offset < 0 ? $"{file} is damaged: {what}. {remedy}" : $"{file} is damaged at byte {offset}: {what}. {remedy}")
{
    /// <summary>Gets the file (or the part of one) that is damaged.</summary>
    public string File { get; } = file;

    /// <summary>Gets the byte in it from which on it cannot be trusted; -1 if that is unknown.</summary>
    public long Offset { get; } = offset;

    /// <summary>Gets the fault.</summary>
    public string What { get; } = what;

    /// <summary>Gets the remedy.</summary>
    public string Remedy { get; } = remedy;
}
