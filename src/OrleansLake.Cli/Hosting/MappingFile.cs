using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Hosting;

/// <summary>Reads a mapping that a command names.</summary>
internal static class MappingFile
{
    /// <summary>Reads a file, a pipe or standard input.</summary>
    /// <exception cref="LakeException">It is not a mapping: all that is wrong with it.</exception>
    /// <param name="path">What is named.</param>
    /// <param name="lake">The lake's folder, whose ids it is for; what it says of a lake that is to be created is checked then.</param>
    /// <param name="asked">The types of ids that a lake is to be created with.</param>
    /// <param name="cancellationToken">Ends the wait for a pipe.</param>
    public static Task<MessageMapping> ReadAsync(string path, string lake, CancellationToken cancellationToken, IdTypes? asked = null) => ReadAsync(path, LakeColumns.Ids(lake) ?? asked, cancellationToken);

    /// <summary>Reads a file, a pipe or standard input.</summary>
    /// <exception cref="LakeException">It is not a mapping: all that is wrong with it.</exception>
    /// <param name="path">What is named.</param>
    /// <param name="ids">The types of the lake's ids; null: they are not known yet.</param>
    /// <param name="cancellationToken">Ends the wait for a pipe.</param>
    public static async Task<MessageMapping> ReadAsync(string path, IdTypes? ids, CancellationToken cancellationToken) =>
        MappingSource.Parse(await PipeInput.ReadWholeAsync(path, MessageMapping.BytesMax, cancellationToken).ConfigureAwait(false), PipeInput.NameOf(path), ids);
}
