using System.Collections.Concurrent;

namespace OrleansLake.Server.Reports;

/// <summary>
/// A cache of recent requests with their responses: many ask for the same while nothing has changed. Requests are known by
/// their text; what they may see has no part in it, so only those that may see all are kept.
/// </summary>
internal sealed class ReportRequests
{
    private const int EntriesMax = 256;
    private const long BytesMax = 64L * 1024 * 1024;

    private readonly ConcurrentDictionary<(string Path, string Query, string Accept), ReportRequest> _entries = new();
    private readonly Lock _gate = new();
    private long _bytes;

    internal ReportRequest? Find(string path, string query, string accept) => _entries.GetValueOrDefault((path, query, accept));

    internal void Add(string path, string query, string accept, ReportRequest request)
    {
        lock (_gate)
        {
            if (_entries.Count >= EntriesMax)
            {
                Clear();
            }

            _entries[(path, query, accept)] = request;
        }
    }

    /// <summary>Keeps a request's newest answer in the place of the one before.</summary>
    internal void Keep(ReportRequest request, RenderedReport answer)
    {
        if (answer.Bytes.Length > BytesMax / 4)
        {
            return;
        }

        lock (_gate)
        {
            _bytes += answer.Bytes.Length - (request.Last?.Bytes.Length ?? 0);
            request.Last = answer;
            if (_bytes > BytesMax)
            {
                Clear();
            }
        }
    }

    private void Clear()
    {
        foreach (ReportRequest request in _entries.Values)
        {
            request.Last = null;
        }

        _entries.Clear();
        _bytes = 0;
    }
}
