using OrleansLake.Engine;
using OrleansLake.Engine.Mappings;

namespace OrleansLake.Client.Embedded;

/// <summary>The mappings of a lake of this process, as a client asks for them and changes them.</summary>
internal static class EmbeddedMappings
{
    internal static Task<IReadOnlyDictionary<string, string>> GetAsync(LakeMappings mappings) => RunAsync<IReadOnlyDictionary<string, string>>(mappings.Texts);

    internal static async Task SetAsync(LakeMappings mappings, string name, string json)
    {
        if (await RunAsync(() => mappings.TrySet(name, json)).ConfigureAwait(false) is { } fault)
        {
            throw new LakeClientException(LakeClientErrorKind.BadRequest, fault);
        }
    }

    internal static Task<bool> RemoveAsync(LakeMappings mappings, string name) => LakeMappings.FaultOfName(name) is { } fault
        ? throw new LakeClientException(LakeClientErrorKind.BadRequest, fault) : RunAsync(() => mappings.Remove(name));

    private static async Task<T> RunAsync<T>(Func<T> work)
    {
        try
        {
            return await Task.Run(work).ConfigureAwait(false);
        }
        catch (Exception e) when (e is LakeException or IOException or UnauthorizedAccessException)
        {
            throw new LakeClientException(LakeClientErrorKind.Failed, e.Message, e);
        }
    }
}
