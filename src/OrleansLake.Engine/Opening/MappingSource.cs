using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;

namespace OrleansLake.Engine;

/// <summary>The mapping that an option names.</summary>
public static class MappingSource
{
    /// <summary>Reads a mapping that a file holds, or a pipe.</summary>
    /// <param name="path">The file.</param>
    /// <param name="ids">The types of the lake's ids; null: numbers of 32 bits.</param>
    /// <exception cref="LakeException">It is not a mapping: all that is wrong with it.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static MessageMapping Read(string path, IdTypes? ids = null) => Parse(WholeFile.Read(SystemPath.Of(path), MessageMapping.BytesMax), path, ids);

    /// <summary>Reads a mapping that a file held.</summary>
    /// <param name="json">What it held.</param>
    /// <param name="file">Its name.</param>
    /// <param name="ids">The types of the lake's ids; null: numbers of 32 bits.</param>
    /// <exception cref="LakeException">It is not a mapping: all that is wrong with it.</exception>
    public static MessageMapping Parse(ReadOnlySpan<byte> json, string file, IdTypes? ids = null) =>
        MessageMapping.TryParse(json, out MessageMapping? mapping, out string? error, ids) ? mapping : throw new LakeException(LakeFailure.Usage, $"{file} is not a mapping: {error}.");
}
