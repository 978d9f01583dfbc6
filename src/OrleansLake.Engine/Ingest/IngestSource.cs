namespace OrleansLake.Engine;

/// <summary>A source of messages.</summary>
public abstract record IngestSource;

/// <summary>
/// A file: Parquet, gzip and zstd by their first bytes; JSON, CSV and TSV by its first bytes and its name, unless
/// <see cref="IngestOptions.Format"/> says what it is. A pipe with a name is read as <see cref="IngestInput"/>.
/// </summary>
/// <param name="Path">The file's path.</param>
public sealed record IngestFile(string Path) : IngestSource;

/// <summary>A folder of Parquet files, Hive-style subfolders included.</summary>
/// <param name="Path">The folder's path.</param>
public sealed record IngestFolder(string Path) : IngestSource;

/// <summary>Standard input, a pipe or another stream, of all that a file may hold. A text cannot be resumed; Parquet is kept in a temporary file first.</summary>
/// <param name="Stream">The stream; it stays open.</param>
/// <param name="Name">Its name in messages.</param>
public sealed record IngestInput(Stream Stream, string Name = "stdin") : IngestSource;
