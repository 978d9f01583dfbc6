namespace OrleansLake.Client.Sinks;

/// <summary>The lag of a sink behind the lake.</summary>
/// <param name="Messages">The messages that the lake's reports show and the sink's place does not yet.</param>
/// <param name="Time">The age of what the place shows, where the reports show more; zero if nothing was written yet.</param>
internal readonly record struct SinkLag(long Messages, TimeSpan Time)
{
    /// <summary>Returns that of a sink whose place shows a position.</summary>
    internal static SinkLag Of(LakeStanding lake, LakePosition? position, DateTimeOffset? time)
    {
        long behind = Math.Max(0, lake.Applied - (position?.Messages ?? 0));
        return new SinkLag(behind, behind > 0 && lake.Time > time ? lake.Time - time.Value : TimeSpan.Zero);
    }
}
