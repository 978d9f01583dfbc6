namespace OrleansLake.Parquet;

/// <summary>The kinds of a <see cref="ParquetException"/>, by what can be done about them.</summary>
public enum ParquetErrorKind
{
    /// <summary>The bytes contradict the format or themselves: the file is damaged or is not Parquet at all.</summary>
    CorruptData,

    /// <summary>The file may be right, and uses a part of the format that is not read here.</summary>
    Unsupported,

    /// <summary>The file has no such column.</summary>
    MissingColumn,

    /// <summary>The column's values are not of the kind that was asked for, or one does not fit it.</summary>
    TypeMismatch,

    /// <summary>Reading would take more memory than the reader's options allow.</summary>
    LimitExceeded,
}
