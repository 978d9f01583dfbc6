using System.Text.Json;

namespace OrleansLake.Engine.Sending;

/// <summary>The sources that an operator has paused, in a file of the lake. Any threads.</summary>
internal sealed class PausedSources(ILakeStore store)
{
    private readonly Lock _gate = new();

    /// <summary>Returns whether a source is paused.</summary>
    internal bool Contains(string source)
    {
        lock (_gate)
        {
            return Read().Contains(source);
        }
    }

    /// <summary>Keeps that a source is paused, or that it is not. Durable on return.</summary>
    internal void Set(string source, bool isPaused)
    {
        lock (_gate)
        {
            SortedSet<string> paused = Read();
            if (isPaused ? paused.Add(source) : paused.Remove(source))
            {
                using IFileWriter file = store.CreateTemporary(LakePaths.Temporary(LakePaths.Sources));
                file.Content.Write(JsonOf(paused));
                store.Replace(new FileMove(file.Complete().Path, LakePaths.Sources));
            }
        }
    }

    private SortedSet<string> Read()
    {
        var paused = new SortedSet<string>(StringComparer.Ordinal);
        if (store.Find(LakePaths.Sources) is not null)
        {
            try
            {
                using var json = JsonDocument.Parse(store.ReadAll(LakePaths.Sources));
                paused.UnionWith(json.RootElement.GetProperty("paused").EnumerateArray().Select(static one => one.GetString()!));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
            {
                throw new LakeException(LakeFailure.Usage, $"{LakePaths.Sources} of the lake is not the list of the sources that are paused: correct it to {{\"paused\":[\"NAME\"]}}, or delete it.", e);
            }
        }

        return paused;
    }

    private static byte[] JsonOf(SortedSet<string> paused)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteStartArray("paused"u8);
            foreach (string source in paused)
            {
                json.WriteStringValue(source);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return text.ToArray();
    }
}
