using OrleansLake.Client;

namespace SourceOfYourOwn;

/// <summary>A file to which lines are appended, as a topic of one partition: a line's offset is its number, from 0.</summary>
internal sealed class LinesSource(string path) : ITopicSource
{
    public string Name => $"lines:{System.IO.Path.GetFileName(path)}";

    public string? Mapping { get; init; }

    public bool SkipsGaps { get; init; }

    public Task<ITopicReader> OpenAsync(IReadOnlyList<TopicPosition> known, Action<string> lost, CancellationToken cancellationToken) =>
        Task.FromResult<ITopicReader>(new LinesReader(System.IO.Path.GetFullPath(path), Name, lost));

    public override string ToString() => $"the lines of {path}";
}
