using System.Globalization;

namespace OrleansLake.Engine.Sending;

/// <summary>
/// Bounds the date partitions that a sender opens: in one body, and within an hour. Every date is a folder, and a file of
/// each commit that has messages of it.
/// </summary>
/// <remarks>
/// A sender's date counts for an hour after it was last sent. What is kept of senders is bounded as well: where more than
/// <see cref="SendersMax"/> were active within the hour, those that come after share one allowance.
/// </remarks>
internal sealed class DateBounds(TimeProvider clock)
{
    internal const int SendersMax = 1_000;

    private const string EverybodyElse = "";
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    // Of each sender: the dates it sent, and when last.
    private readonly Dictionary<string, Dictionary<int, long>> _senders = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Returns the response to a body with messages of these dates; null: it may pass.</summary>
    /// <param name="sender">Who sends it; null: nobody whose dates are counted.</param>
    /// <param name="dates">The dates of its messages.</param>
    /// <param name="perBodyMax">The number of dates that one body may have.</param>
    /// <param name="perSenderMax">The number of the that sender may have within an hour; null: any number.</param>
    internal SendOutcome? Refuse(string? sender, IReadOnlyCollection<int> dates, int perBodyMax, int? perSenderMax)
    {
        if (dates.Count > perBodyMax)
        {
            return Refused($"The messages have {dates.Count} dates; one body may have {perBodyMax}. Send them by date, in several bodies.", null);
        }

        return sender is null || perSenderMax is not { } max || TryOpen(sender, dates, max) is not { } wait ? null : Refused(
            $"One sender may have messages of {max} dates within an hour, and these would be more. Continue with dates that you sent already, send the others later, or ingest a long history with `lake ingest`.",
            wait);
    }

    // Null if they are within the bound; else how long until they are.
    private TimeSpan? TryOpen(string sender, IReadOnlyCollection<int> dates, int max)
    {
        long now = clock.GetTimestamp();
        lock (_gate)
        {
            Dictionary<int, long> own = DatesOf(sender, now);
            int fresh = dates.Count(date => !own.ContainsKey(date));
            if (own.Count + fresh > max)
            {
                Forget(own, now);
                fresh = dates.Count(date => !own.ContainsKey(date));
            }

            int over = own.Count + fresh - max;
            if (over > 0)
            {
                // More in one body than the bound allows even when nothing is kept: its own bound lets it pass, this one never.
                return over > own.Count ? Window : Window - clock.GetElapsedTime(own.Values.Order().ElementAt(over - 1), now);
            }

            foreach (int date in dates)
            {
                own[date] = now;
            }

            return null;
        }
    }

    private Dictionary<int, long> DatesOf(string sender, long now)
    {
        if (_senders.TryGetValue(sender, out Dictionary<int, long>? own))
        {
            return own;
        }

        if (_senders.Count >= SendersMax)
        {
            foreach ((string name, Dictionary<int, long> dates) in _senders)
            {
                Forget(dates, now);
                if (dates.Count == 0)
                {
                    _senders.Remove(name);
                }
            }

            sender = _senders.Count >= SendersMax ? EverybodyElse : sender;
            if (_senders.TryGetValue(sender, out own))
            {
                return own;
            }
        }

        return _senders[sender] = [];
    }

    private void Forget(Dictionary<int, long> dates, long now)
    {
        foreach ((int date, long sent) in dates)
        {
            if (clock.GetElapsedTime(sent, now) >= Window)
            {
                dates.Remove(date);
            }
        }
    }

    private static SendOutcome Refused(FormattableString reason, TimeSpan? retryAfter) =>
        SendOutcome.Refused(SendStatus.TooManyDates, reason.ToString(CultureInfo.InvariantCulture), retryAfter);
}
