using System.Globalization;
using OrleansLake.Engine.Reading;

namespace OrleansLake.Engine.External;

/// <summary>
/// The state of external bronze files while a process owns their lake: those that are not what they were, as of the last
/// look, and what is to be reported about it, each once. Thread-safe.
/// </summary>
internal sealed class ExternalBoard
{
    /// <summary>The number of files of one kind that are named at once; of more only the number is reported.</summary>
    internal const int ReportedMax = 10;

    private readonly Lock _gate = new();
    private readonly HashSet<LostRows> _lost = [];
    private readonly Queue<string> _notices = new();
    private HashSet<string> _told = new(StringComparer.Ordinal);
    private HashSet<string> _next = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<ExternalFile> _unsettled = [];

    /// <summary>Gets the files that were ingested and are not what they were, and that nobody has accepted.</summary>
    internal IReadOnlyList<ExternalFile> Unsettled => _unsettled;

    /// <summary>Notes what a scan has found. What the scan before reported is not reported again.</summary>
    internal void Show(IReadOnlyList<ExternalFile> unsettled)
    {
        lock (_gate)
        {
            TellSome([.. unsettled.Select(static file => file.Describe())], "are not what was ingested");
            _unsettled = unsettled;
            (_told, _next) = (_next, new HashSet<string>(StringComparer.Ordinal));
        }
    }

    /// <summary>Reports conditions at every scan that finds them; each is reported once.</summary>
    /// <param name="notices">What is so.</param>
    /// <param name="what">The kind of the files that these are about, for those that are counted only.</param>
    internal void Tell(IReadOnlyList<string> notices, string what)
    {
        lock (_gate)
        {
            TellSome(notices, what);
        }
    }

    /// <summary>Reports something that has happened.</summary>
    internal void Tell(string notice)
    {
        lock (_gate)
        {
            _notices.Enqueue(notice);
        }
    }

    /// <summary>Reports that rows were lost with their file.</summary>
    internal void Lose(LostRows lost)
    {
        lock (_gate)
        {
            if (_lost.Add(lost))
            {
                _notices.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{lost.Path} went before {(lost.Rows == 1 ? "1 of its rows was" : $"{lost.Rows:N0} of its rows were")} in silver: {(lost.Rows == 1 ? "a row of nulls in messages_corrupted stands for it" : "rows of nulls in messages_corrupted stand for them")}. Put the file back as it was, and `lake replay` fills {(lost.Rows == 1 ? "it" : "them")} in."));
            }
        }
    }

    /// <summary>Takes what is to be reported, oldest first.</summary>
    internal string[] Take()
    {
        lock (_gate)
        {
            string[] notices = [.. _notices];
            _notices.Clear();
            return notices;
        }
    }

    private void TellSome(IReadOnlyList<string> notices, string what)
    {
        string[] heard = [.. notices.Where(notice => _next.Add(notice) && !_told.Contains(notice))];
        foreach (string notice in heard.Take(ReportedMax))
        {
            _notices.Enqueue(notice);
        }

        if (heard.Length > ReportedMax)
        {
            _notices.Enqueue(More(heard.Length - ReportedMax, what));
        }
    }

    /// <summary>Reports how many more files there are than are named.</summary>
    internal static string More(int files, string what) => string.Create(
        CultureInfo.InvariantCulture, $"{files:N0} more {(files == 1 ? "file" : "files")} in bronze {what}: `lake bronze list` shows all.");
}
