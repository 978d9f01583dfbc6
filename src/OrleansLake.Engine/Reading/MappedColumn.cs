using System.Text;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Reading;

/// <summary>A column of a Parquet file, or of its path, to which a path of a mapping leads.</summary>
/// <param name="Name">Its name, with those of the structs around it.</param>
/// <param name="Column">The column, or a struct; null if it is in the file's path.</param>
/// <param name="InPath">Its value in the file's path.</param>
internal sealed record MappedColumn(string Name, ParquetColumn? Column, string? InPath)
{
    /// <summary>Gets the form of its values; of a struct, <see cref="ValueForm.Other"/>.</summary>
    internal ValueForm Form { get; } = Column is null ? ValueForm.Text : MessageColumnTypes.FormOf(Column);

    /// <summary>Gets its value in the file's path, in UTF-8.</summary>
    internal byte[]? Utf8InPath { get; } = InPath is null ? null : Encoding.UTF8.GetBytes(InPath);
}
