using OrleansLake.Core.Mapping;

namespace OrleansLake.Cli.Hosting;

/// <summary>Reads a mapping that a command names.</summary>
internal static class MappingFile
{
    /// <summary>Reads a file, a pipe or standard input.</summary>
    /// <exception cref="UsageException">It is not a mapping: all that is wrong with it.</exception>
    public static async Task<MessageMapping> ReadAsync(string path, CancellationToken cancellationToken)
    {
        byte[] bytes = await PipeInput.ReadWholeAsync(path, MessageMapping.BytesMax, cancellationToken).ConfigureAwait(false);
        return MessageMapping.TryParse(bytes, out MessageMapping? mapping, out string? error)
            ? mapping : throw new UsageException($"{PipeInput.NameOf(path)} is not a mapping: {error}.");
    }
}
