using System.Diagnostics;

namespace OrleansLake.Engine.Tracing;

/// <summary>
/// The recorded requests whose messages are on their way through a partition, in the order of their offsets: those that
/// are to be applied, and those that are to be published. Bounded: of more than <see cref="LinksMax"/> in either, the
/// first are linked to.
/// </summary>
internal sealed class TracedSends
{
    /// <summary>The limit that OpenTelemetry itself has for links of a span.</summary>
    internal const int LinksMax = 128;

    private readonly Lock _gate = new();
    private readonly Queue<(long End, ActivityContext Request)> _accepted = new();
    private readonly Queue<(long End, ActivityContext Request)> _applied = new();

    /// <summary>Gets the current request, if somebody wants its spans and it is recorded.</summary>
    internal static ActivityContext? CurrentRequest => LakeTracing.IsListenedTo && Activity.Current is { Recorded: true } request ? request.Context : null;

    /// <summary>Notes the senders of what ends at an offset.</summary>
    /// <param name="endOffset">The offset.</param>
    /// <param name="requests">Who sent it; null: the current request, if it is recorded.</param>
    internal void Accept(long endOffset, IReadOnlyList<ActivityContext>? requests)
    {
        if (requests is null)
        {
            requests = CurrentRequest is { } current ? [current] : [];
        }

        if (requests.Count == 0)
        {
            return;
        }

        lock (_gate)
        {
            foreach (ActivityContext request in requests.Take(LinksMax - _accepted.Count))
            {
                _accepted.Enqueue((endOffset, request));
            }
        }
    }

    /// <summary>Returns a span for applying what comes before an offset, with links to its senders. None if nothing of it is traced.</summary>
    internal RootSpan StartApply(long endOffset)
    {
        if (!LakeTracing.IsListenedTo)
        {
            return default;
        }

        var links = new List<ActivityLink>();
        lock (_gate)
        {
            while (_accepted.TryPeek(out (long End, ActivityContext Request) next) && next.End <= endOffset)
            {
                _accepted.Dequeue();
                links.Add(new ActivityLink(next.Request));
                if (_applied.Count < LinksMax)
                {
                    _applied.Enqueue(next);
                }
            }
        }

        return links.Count == 0 ? default : LakeTracing.StartRoot("lake.apply", links);
    }

    /// <summary>Returns a span for a commit up to an offset, with links to those whose messages it publishes.</summary>
    internal RootSpan StartCommit(long endOffset)
    {
        if (!LakeTracing.IsListenedTo)
        {
            return default;
        }

        lock (_gate)
        {
            return LakeTracing.StartRoot("lake.commit", [.. _applied.TakeWhile(sent => sent.End <= endOffset).Select(sent => new ActivityLink(sent.Request))]);
        }
    }

    /// <summary>Forgets what is before an offset: it is published, and nothing links to it any more.</summary>
    internal void Published(long endOffset)
    {
        lock (_gate)
        {
            while (_applied.TryPeek(out (long End, ActivityContext Request) next) && next.End <= endOffset)
            {
                _applied.Dequeue();
            }
        }
    }
}
