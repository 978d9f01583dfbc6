namespace OrleansLake.Client;

/// <summary>The changes between two positions of the lake, which a sink writes at once.</summary>
/// <param name="Number">Its number: from 1 after each <see cref="IReportSink.OpenAsync"/>. A row's version is its epoch, then this.</param>
/// <param name="Updates">
/// By report at most one: a <see cref="LiveSnapshot"/> where all of it is written, else a <see cref="LiveDelta"/>. A <see cref="LiveStatus"/> with
/// the counts comes with them where these changed.
/// </param>
public sealed record SinkStep(long Number, IReadOnlyList<LiveUpdate> Updates)
{
    /// <summary>Gets the lake's position behind the step.</summary>
    public LakePosition Position => Updates[^1].Position;

    /// <summary>Gets the time of that position.</summary>
    public DateTimeOffset Time => Updates[^1].Time;
}
