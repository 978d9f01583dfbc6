using OrleansLake.Core.Messages;

namespace OrleansLake.Grains.Reports;

/// <summary>
/// The part of one partition in the rows of a grain: as they are after the newest step that it was given, and what
/// undoes the newest steps, so that it can be read at a version that all grains have come to. Pure.
/// </summary>
/// <remarks>
/// Answers may come late, twice, in any order or never. A step is applied only after the one before it and under the same
/// owner, a base only if it is newer; a later owner's base takes the place of everything, an earlier owner says nothing.
/// </remarks>
internal sealed class FollowedPartition
{
    /// <summary>The number of steps that can be undone: readers take a version and read at it at once.</summary>
    internal const int UndoMax = 32;

    private readonly Dictionary<(IdValue? Key, string? Text), ReportRowDto> _rows = [];
    private readonly LinkedList<(long Step, List<((IdValue? Key, string? Text) Name, ReportRowDto? Before)> Rows)> _undo = new();

    /// <summary>Gets the owner whose steps these are; 0 if nothing is known.</summary>
    internal long Epoch { get; private set; }

    /// <summary>Gets the newest step.</summary>
    internal long Step { get; private set; }

    /// <summary>Takes an answer.</summary>
    internal void Take(ReportSteps told)
    {
        if (told.Base is { } all && (told.Epoch > Epoch || (told.Epoch == Epoch && all.Number > Step)))
        {
            _rows.Clear();
            _undo.Clear();
            foreach (ReportRowDto row in all.Rows.Where(row => row.Columns.Length > 0))
            {
                _rows[(row.Key, row.Text)] = row;
            }

            Epoch = told.Epoch;
            Step = all.Number;
        }

        if (told.Epoch != Epoch)
        {
            return;
        }

        foreach (ReportStep step in told.Steps)
        {
            if (step.Number == Step + 1)
            {
                Apply(step);
            }
        }
    }

    /// <summary>Returns whether it has reached a version.</summary>
    internal bool HasReached(PartitionVersion at) => Epoch > at.Epoch || (Epoch == at.Epoch && Step >= at.Step);

    /// <summary>Returns the rows at a version; null if it has not come there, or cannot go back so far.</summary>
    internal IEnumerable<ReportRowDto>? At(PartitionVersion at)
    {
        if (Epoch != at.Epoch || Step < at.Step || Step - _undo.Count > at.Step)
        {
            return null;
        }

        if (Step == at.Step)
        {
            return _rows.Values;
        }

        var rows = new Dictionary<(IdValue? Key, string? Text), ReportRowDto>(_rows);
        for (LinkedListNode<(long Step, List<((IdValue? Key, string? Text) Name, ReportRowDto? Before)> Rows)>? node = _undo.Last;
            node is not null && node.Value.Step > at.Step; node = node.Previous)
        {
            foreach (((IdValue? Key, string? Text) name, ReportRowDto? before) in node.Value.Rows)
            {
                if (before is { } known)
                {
                    rows[name] = known;
                }
                else
                {
                    rows.Remove(name);
                }
            }
        }

        return rows.Values;
    }

    private void Apply(ReportStep step)
    {
        var before = new List<((IdValue? Key, string? Text) Name, ReportRowDto? Before)>(step.Rows.Count);
        foreach (ReportRowDto row in step.Rows)
        {
            (IdValue? Key, string? Text) name = (row.Key, row.Text);
            before.Add((name, _rows.TryGetValue(name, out ReportRowDto known) ? known : null));
            if (row.Columns.Length == 0)
            {
                _rows.Remove(name);
            }
            else
            {
                _rows[name] = row;
            }
        }

        Step = step.Number;
        _undo.AddLast((step.Number, before));
        if (_undo.Count > UndoMax)
        {
            _undo.RemoveFirst();
        }
    }
}
