using OrleansLake.Core.Mapping;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Hosting;

/// <summary>Reads a mapping that a command names.</summary>
internal static class MappingFile
{
    /// <summary>Reads a file, a pipe or standard input.</summary>
    /// <exception cref="LakeException">It is not a mapping: all that is wrong with it.</exception>
    public static async Task<MessageMapping> ReadAsync(string path, CancellationToken cancellationToken) =>
        MappingSource.Parse(await PipeInput.ReadWholeAsync(path, MessageMapping.BytesMax, cancellationToken).ConfigureAwait(false), PipeInput.NameOf(path));
}
