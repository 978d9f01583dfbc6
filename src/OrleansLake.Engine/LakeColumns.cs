using OrleansLake.Core.Messages;
using OrleansLake.Storage.Lakes;

namespace OrleansLake.Engine;

/// <summary>The columns that a lake keeps beside those of a message.</summary>
public static class LakeColumns
{
    /// <summary>Returns what a lake keeps.</summary>
    /// <param name="options">Where the lake is.</param>
    /// <exception cref="LakeException">There is none.</exception>
    public static KeptFields Kept(LakeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ILakeStore store = options.OpenStore();
        LakeCreation.CheckFolder(store, options);
        return LakeDescription.Read(store).Keep;
    }

    /// <summary>Keeps something from now on. Nobody may run the lake; rows that it has stay as they are.</summary>
    /// <param name="options">Where the lake is.</param>
    /// <param name="fields">What is kept.</param>
    /// <exception cref="LakeInUseException">Somebody runs the lake.</exception>
    public static async Task KeepAsync(LakeOptions options, KeptFields fields)
    {
        ArgumentNullException.ThrowIfNull(options);

        // It completes what an earlier owner left, and takes the lake's lock.
        await using Lake lake = await Lake.OpenAsync(options with { Keep = null }).ConfigureAwait(false);
        ILakeStore store = options.OpenStore();
        LakeDescription description = LakeDescription.Read(store);
        if (description.Keep != fields)
        {
            description.Keeping(fields).Replace(store);
        }
    }
}
