namespace OrleansLake.Core;

/// <summary>
/// Bytes that were read back are not what was written: the lake is damaged. Trying again does not help, continuing
/// would lose or double messages; so a reader that meets it stops and reports it.
/// </summary>
public sealed class CorruptDataException : Exception
{
    /// <summary>Initializes the exception without a place.</summary>
    public CorruptDataException()
        : this("data are damaged")
    {
    }

    /// <summary>Initializes the exception with a message.</summary>
    public CorruptDataException(string message)
        : this(message, null)
    {
    }

    /// <summary>Initializes the exception with a message, and the exception that it was noticed by.</summary>
    public CorruptDataException(string message, Exception? innerException)
        : base(message, innerException)
    {
        File = "";
        Offset = -1;
        What = message;
        Remedy = "";
    }

    /// <summary>Initializes the exception for damage at a place.</summary>
    /// <param name="file">The file (or the part of one) that is damaged.</param>
    /// <param name="offset">The byte in it from which on it cannot be trusted; -1 if that is unknown.</param>
    /// <param name="what">What is wrong.</param>
    /// <param name="remedy">What a person can do about it.</param>
    public CorruptDataException(string file, long offset, string what, string remedy)
        : base(offset < 0 ? $"{file} is damaged: {what}. {remedy}" : $"{file} is damaged at byte {offset}: {what}. {remedy}")
    {
        File = file;
        Offset = offset;
        What = what;
        Remedy = remedy;
    }

    /// <summary>Gets the file (or the part of one) that is damaged.</summary>
    public string File { get; }

    /// <summary>Gets the byte in it from which on it cannot be trusted; -1 if that is unknown.</summary>
    public long Offset { get; }

    /// <summary>Gets the fault.</summary>
    public string What { get; }

    /// <summary>Gets the remedy.</summary>
    public string Remedy { get; }
}
