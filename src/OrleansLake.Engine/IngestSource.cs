namespace OrleansLake.Engine;

/// <summary>Where messages come from.</summary>
public abstract record IngestSource;

/// <summary>A file: Parquet by its magic bytes, CSV by its name, gzip by its magic bytes, NDJSON otherwise.</summary>
/// <param name="Path">The file's path.</param>
public sealed record IngestFile(string Path) : IngestSource;

/// <summary>A folder of Parquet files, Hive-style subfolders included.</summary>
/// <param name="Path">The folder's path.</param>
public sealed record IngestFolder(string Path) : IngestSource;

/// <summary>Standard input, or another stream, of NDJSON (gzipped or not). It cannot be resumed.</summary>
/// <param name="Stream">The stream; it stays open.</param>
public sealed record IngestInput(Stream Stream) : IngestSource;
