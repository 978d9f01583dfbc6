namespace OrleansLake.Core.Time;

/// <summary>The thing to change in the advice about a timestamp that cannot be read.</summary>
internal enum TimestampAdvice
{
    /// <summary>The option of the commands that read it, also from quarantine.</summary>
    Option,

    /// <summary>The option of the command that reads its file: in a row of a table, which nothing reads without the file's header.</summary>
    OptionOfFile,

    /// <summary>The format in the mapping.</summary>
    Mapping,
}
