using OrleansLake.Client;

namespace OrleansLake.Server.Live;

/// <summary>
/// The feeds that are watched: one for everyone who watches the same. A feed that nobody watches any more stays a
/// moment, for those who come back after a broken connection, and then ends.
/// </summary>
internal sealed class FeedRegistry(ILakeClient client, TimeProvider clock, int feedsMax) : IAsyncDisposable
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, Feed> _feeds = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private bool _isDisposed;

    /// <summary>Gets the number of watchers, over all feeds.</summary>
    internal int Watchers
    {
        get
        {
            lock (_gate)
            {
                return _feeds.Values.Sum(feed => feed.Watchers);
            }
        }
    }

    /// <summary>Joins the feed of a query; to be left by <see cref="Leave"/>.</summary>
    /// <param name="name">The query as text: the same for the same query.</param>
    /// <param name="query">The query.</param>
    internal Feed Join(string name, LiveQuery query)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_feeds.TryGetValue(name, out Feed? feed) || feed.HasFailed)
            {
                if (feed is null && _feeds.Count >= feedsMax)
                {
                    throw new LakeClientException(LakeClientErrorKind.Unavailable, $"{feedsMax} different things are watched already, which is the most that this server computes. Watch what others watch, or try again.");
                }

                feed = new Feed(client, query);
                feed.Start();
                _feeds[name] = feed;
            }

            feed.Join();
            return feed;
        }
    }

    internal void Leave(string name, Feed feed)
    {
        lock (_gate)
        {
            if (feed.Leave() > 0)
            {
                return;
            }
        }

        _ = EndLaterAsync(name, feed);
    }

    /// <summary>Ends all feeds.</summary>
    public async ValueTask DisposeAsync()
    {
        Feed[] feeds;
        lock (_gate)
        {
            _isDisposed = true;
            feeds = [.. _feeds.Values.Where(feed => feed.TryClose())];
            _feeds.Clear();
        }

        foreach (Feed feed in feeds)
        {
            await feed.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task EndLaterAsync(string name, Feed feed)
    {
        await Task.Delay(Linger, clock).ConfigureAwait(false);
        lock (_gate)
        {
            if (feed.Watchers > 0 || !feed.TryClose())
            {
                return;
            }

            if (_feeds.TryGetValue(name, out Feed? current) && ReferenceEquals(current, feed))
            {
                _feeds.Remove(name);
            }
        }

        await feed.DisposeAsync().ConfigureAwait(false);
    }
}
