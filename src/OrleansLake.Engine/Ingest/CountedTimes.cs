using System.Globalization;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Input;

namespace OrleansLake.Engine.Ingest;

/// <summary>Notices counts since 1970 that are read in too small a unit: seconds that are taken for milliseconds are all in January 1970.</summary>
/// <param name="rules">The rules by which the source's records are read.</param>
internal sealed class CountedTimes(RecordRules rules)
{
    // What is counted in one unit and read in a thousandth of it is before this until the year 2970.
    private const long Early = 366L * 86_400 * 1_000_000;

    private readonly TimestampFormat? _format = (rules.Mapping?.Fields[0]?.Formats is [{ } mapped] ? mapped : rules.TimestampFormat) is { IsEpoch: true } format && format != TimestampFormat.EpochSeconds ? format : null;
    private long _newest = long.MinValue;

    /// <summary>Adds messages of the source.</summary>
    internal void Add(MessageBatch messages)
    {
        if (_format is null || _newest >= Early)
        {
            return;
        }

        foreach (long time in messages.Timestamps.Values)
        {
            _newest = Math.Max(_newest, time);
        }
    }

    /// <summary>Returns the note about the source; null if its times are as one expects.</summary>
    /// <param name="name">What the source is called.</param>
    internal string? NoteOf(string name) => _newest is > 0 and < Early
        ? string.Create(CultureInfo.InvariantCulture, $"no time of {name} is after {DateTimeOffset.UnixEpoch.AddMicroseconds(_newest):yyyy-MM-dd}: as {_format} its timestamps may be read in too small a unit; epoch-s counts seconds, epoch-ms milliseconds.") : null;
}
