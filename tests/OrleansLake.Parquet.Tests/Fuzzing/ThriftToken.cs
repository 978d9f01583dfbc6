namespace OrleansLake.Parquet.Tests.Fuzzing;

/// <summary>A part of a structure in Thrift's compact protocol: its bytes, and what they are.</summary>
internal readonly record struct ThriftToken(ThriftTokenKind Kind, int Start, int Length);
