using System.Buffers.Text;
using System.Text;
using Bogus;
using OrleansLake.Core.Messages;

namespace OrleansLake.Cli.Producing;

/// <summary>
/// Messages like those of the notebook's producer: event types, channels, countries and users as there, ids from a
/// pool of 50 that grows. And what a broker adds to that: the same event again, earlier or later than it was first
/// told; messages that are late by days or whose sender's clock is ahead; countries that no table knows.
/// </summary>
internal sealed class NotebookProfile : IMessageProfile
{
    private const int FirstIds = 50;
    private const int IdsMax = 5_000;
    private const int RecentMax = 500;
    private const float NewIdShare = 0.12f;
    private const float RepeatShare = 0.2f;
    private const float LateShare = 0.04f;
    private const float EarlyShare = 0.01f;
    private const float UnknownCountryShare = 0.01f;
    private const float NullEventShare = 0.02f;
    private const int UnknownCountry = 2099;
    private const long SecondMicros = 1_000_000;

    private static readonly string[] EventTypes = ["OPEN", "RECEIVED", "SENT", "CREATED", "CLICKED", "", "NONE"];
    private static readonly string[] Channels = ["CHAT", "EMAIL", "SMS", "PUSH", "OTHER"];

    private readonly Randomizer _random;
    private readonly double _stepMicros;
    private readonly long _startMicros;
    private readonly long _firstValue;
    private readonly List<Guid> _ids = [];
    private readonly List<Recent> _recent = [];
    private int _nextRecent;

    /// <summary>Starts a stream of messages.</summary>
    /// <param name="seed">The same seed gives the same messages.</param>
    /// <param name="startMicros">The time of message 0, microseconds since 1970.</param>
    /// <param name="perSecond">The number of messages a second by their own clock.</param>
    /// <param name="firstValue">The value of message 0.</param>
    public NotebookProfile(long seed, long startMicros, double perSecond, long firstValue = 0)
    {
        _random = new Randomizer((int)PositionalRandom.Bits((ulong)seed, 0));
        _startMicros = startMicros;
        _stepMicros = SecondMicros / perSecond;
        _firstValue = firstValue;
        for (int i = 0; i < FirstIds; i++)
        {
            _ids.Add(_random.Guid());
        }
    }

    public void Fill(MessageBatch batch, long first, int count)
    {
        Span<byte> text = stackalloc byte[64];
        for (long number = first; number < first + count; number++)
        {
            long now = _startMicros + (long)(number * _stepMicros);
            Recent message = _recent.Count > 0 && _random.Bool(RepeatShare) ? Again(now) : New(now);
            batch.Timestamps.Append(message.Micros);
            Utf8Formatter.TryFormat(_firstValue + number, text, out int length);
            batch.Values.Append(text[..length]);
            AppendName(batch.EventTypes, message.EventType);
            Utf8Formatter.TryFormat(message.Id, text, out length);
            batch.MessageIds.Append(text[..length]);
            AppendName(batch.Channels, message.Channel);
            batch.CountryIds.Append(_random.Bool(UnknownCountryShare) ? UnknownCountry : _random.Int(2000, 2015));
            batch.UserIds.Append(_random.Int(1000, 1050));
        }
    }

    private Recent New(long now)
    {
        if (_random.Bool(NewIdShare))
        {
            Guid id = _random.Guid();
            if (_ids.Count < IdsMax)
            {
                _ids.Add(id);
            }
            else
            {
                _ids[_random.Int(0, IdsMax - 1)] = id;
            }
        }

        string? eventType = _random.Bool(NullEventShare) ? null : _random.ArrayElement(EventTypes);
        Recent message = new(Arrival(now), eventType, _random.ListItem(_ids), _random.ArrayElement(Channels));
        if (_recent.Count < RecentMax)
        {
            _recent.Add(message);
        }
        else
        {
            _recent[_nextRecent] = message;
            _nextRecent = (_nextRecent + 1) % RecentMax;
        }

        return message;
    }

    // A third of the repeats have an earlier time, which then counts; some have the very same.
    private Recent Again(long now)
    {
        Recent before = _random.ListItem(_recent);
        long distance = _random.Long(1, 7_200 * SecondMicros);
        long micros = _random.Int(0, 9) switch
        {
            0 => before.Micros,
            < 4 => before.Micros - distance,
            _ => Math.Max(before.Micros, now - _random.Long(0, SecondMicros)),
        };
        return before with { Micros = micros };
    }

    private long Arrival(long now)
    {
        double kind = _random.Double();
        return kind switch
        {
            < LateShare => now - _random.Long(SecondMicros, 36 * 3_600 * SecondMicros),
            < LateShare + EarlyShare => now + _random.Long(SecondMicros, 120 * SecondMicros),
            _ => now - _random.Long(0, SecondMicros / 2),
        };
    }

    private static void AppendName(NameColumn column, string? name)
    {
        if (name is null)
        {
            column.AppendNull();
            return;
        }

        Span<byte> utf8 = stackalloc byte[32];
        column.Append(utf8[..Encoding.UTF8.GetBytes(name, utf8)]);
    }

    private readonly record struct Recent(long Micros, string? EventType, Guid Id, string Channel);
}
