using System.Globalization;
using OrleansLake.Engine;

namespace OrleansLake.Server.Embedded;

/// <summary>
/// Bounds the date partitions that a sender opens: in one body, and within an hour. Every date is a folder, and a file of
/// each commit that has messages of it.
/// </summary>
/// <remarks>
/// A sender's date counts for an hour after it was last sent. What is kept of senders is bounded as well: where more than
/// <see cref="SendersMax"/> were active within the hour, those that come after share one allowance.
/// </remarks>
internal sealed class DateBounds(LakeServerLimits limits, TimeProvider clock)
{
    internal const int SendersMax = 1_000;

    private const string EverybodyElse = "";
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    // Of each sender: the dates it sent, and when last.
    private readonly Dictionary<string, Dictionary<int, long>> _senders = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Returns the response to a body with messages of these dates; null: it may pass.</summary>
    internal SendOutcome? Refuse(string sender, IReadOnlyCollection<int> dates)
    {
        if (dates.Count > limits.DatesPerBodyMax)
        {
            return Refused(
                $"The messages have {dates.Count} dates; one body may have {limits.DatesPerBodyMax}. Send them by date, in several bodies.", null);
        }

        return TryOpen(sender, dates) is not { } wait ? null : Refused(
            $"One sender may have messages of {limits.DatesPerSenderMax} dates within an hour, and these would be more. Continue with dates that you sent already, send the others later, or ingest a long history with `lake ingest`.",
            wait);
    }

    // Null if they are within the bound; else how long until they are.
    private TimeSpan? TryOpen(string sender, IReadOnlyCollection<int> dates)
    {
        long now = clock.GetTimestamp();
        lock (_gate)
        {
            Dictionary<int, long> own = DatesOf(sender, now);
            int fresh = dates.Count(date => !own.ContainsKey(date));
            if (own.Count + fresh > limits.DatesPerSenderMax)
            {
                Forget(own, now);
                fresh = dates.Count(date => !own.ContainsKey(date));
            }

            int over = own.Count + fresh - limits.DatesPerSenderMax;
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
        new() { Status = SendStatus.TooManyDates, Reason = reason.ToString(CultureInfo.InvariantCulture), RetryAfter = retryAfter };
}
