namespace OrleansLake.Engine.Publishing;

/// <summary>The rows of one silver table and date, in bronze order.</summary>
internal sealed class SilverGroup(bool isCorrupted, int day)
{
    private readonly List<RowRun> _runs = [];

    /// <summary>Gets the table: messages_corrupted, or messages.</summary>
    internal bool IsCorrupted { get; } = isCorrupted;

    /// <summary>Gets the days since 1970-01-01, or <see cref="Core.State.LakeState.NoDay"/>.</summary>
    internal int Day { get; } = day;

    internal IReadOnlyList<RowRun> Runs => _runs;

    internal long Rows { get; private set; }

    /// <summary>Gets the columns of its file, row group by row group: each is taken out when it is written, so that its memory is free then.</summary>
    internal Queue<MessageColumns> RowGroups { get; } = new();

    internal long FirstOffset => _runs[0].Batch.FirstOffset + _runs[0].Rows.Span[0];

    internal long LastOffset => _runs[^1].Batch.FirstOffset + _runs[^1].Rows.Span[^1];

    internal void Add(RowRun run)
    {
        _runs.Add(run);
        Rows += run.Rows.Length;
    }
}
