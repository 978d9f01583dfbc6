using OrleansLake.Engine.Reading;

namespace OrleansLake.Engine;

/// <summary>
/// What is known of external bronze files while a process owns their lake: those that are not what they were, as of the last
/// look, and what is to be told about it, each once. Thread-safe.
/// </summary>
internal sealed class ExternalBoard
{
    private readonly Lock _gate = new();
    private readonly HashSet<LostRows> _lost = [];
    private readonly Queue<string> _notices = new();
    private HashSet<string> _told = new(StringComparer.Ordinal);
    private HashSet<string> _next = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<ExternalFile> _unsettled = [];

    /// <summary>Gets the files that were taken in and are not what they were, and that nobody has accepted.</summary>
    internal IReadOnlyList<ExternalFile> Unsettled => _unsettled;

    /// <summary>Notes what a look has found. What was told at the look before is not told again.</summary>
    internal void Show(IReadOnlyList<ExternalFile> unsettled)
    {
        lock (_gate)
        {
            foreach (ExternalFile file in unsettled)
            {
                TellOnce(file.Describe());
            }

            _unsettled = unsettled;
            (_told, _next) = (_next, new HashSet<string>(StringComparer.Ordinal));
        }
    }

    /// <summary>Tells something at every look at which it is so; it is heard once.</summary>
    internal void Tell(string notice)
    {
        lock (_gate)
        {
            TellOnce(notice);
        }
    }

    /// <summary>Tells that rows went with their file.</summary>
    internal void Lose(LostRows lost)
    {
        lock (_gate)
        {
            if (_lost.Add(lost))
            {
                _notices.Enqueue($"{lost.Path} went before {(lost.Rows == 1 ? "1 of its rows was" : $"{lost.Rows} of its rows were")} in silver: rows of nulls in messages_corrupted stand for them. Put the file back as it was, and `lake replay` fills them in.");
            }
        }
    }

    /// <summary>Takes what is to be told, oldest first.</summary>
    internal string[] Take()
    {
        lock (_gate)
        {
            string[] notices = [.. _notices];
            _notices.Clear();
            return notices;
        }
    }

    private void TellOnce(string notice)
    {
        if (_next.Add(notice) && !_told.Contains(notice))
        {
            _notices.Enqueue(notice);
        }
    }
}
