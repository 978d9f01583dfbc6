using System.Runtime.CompilerServices;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.State;

/// <summary>A prepared batch's columns, looked up once a shard instead of once a row.</summary>
internal readonly ref struct BatchRows
{
    private readonly MessageBatch _batch;
    private readonly ReadOnlySpan<long> _timestamps;
    private readonly ReadOnlySpan<int> _eventCodes;
    private readonly ReadOnlySpan<int> _channelCodes;
    private readonly ReadOnlySpan<int> _eventMap;
    private readonly ReadOnlySpan<int> _channelMap;
    private readonly ReadOnlySpan<MessageIdKind> _kinds;
    private readonly ReadOnlySpan<MessageIdBits> _ids;
    private readonly ReadOnlySpan<int> _users;
    private readonly ReadOnlySpan<int> _countries;
    private readonly ReadOnlySpan<byte> _dayShifts;
    private readonly long _firstOffset;
    private readonly bool _hasNulls;

    public BatchRows(PreparedBatch prepared)
    {
        _batch = prepared.Batch;
        _timestamps = _batch.Timestamps.Values;
        _eventCodes = _batch.EventTypes.Codes;
        _channelCodes = _batch.Channels.Codes;
        _eventMap = prepared.EventTypes.Codes;
        _channelMap = prepared.Channels.Codes;
        _kinds = _batch.MessageIds.Kinds;
        _ids = _batch.MessageIds.Bits;
        _users = prepared.UserCodes is { } users ? users : _batch.UserIds.Values;
        _countries = prepared.CountryCodes is { } countries ? countries : _batch.CountryIds.Values;
        _dayShifts = prepared.DayShifts;
        _firstOffset = prepared.FirstOffset;
        _hasNulls = (_batch.Timestamps.NullCount | _batch.UserIds.NullCount | _batch.CountryIds.NullCount) != 0;
    }

    public uint EventBits(int row) => FirstOccurrence.EventBitsOf(_kinds[row], _eventMap[_eventCodes[row] + 1]);

    public uint ChannelBits(int row) => (uint)(_channelMap[_channelCodes[row] + 1] + 1);

    public ReadOnlySpan<byte> Text(int row) => _kinds[row] == MessageIdKind.Text ? _batch.MessageIds.Texts[(int)_ids[row].Low] : [];

    /// <summary>Returns the row as it would be kept, but that a text's <see cref="FirstOccurrence.IdLow"/> is not its place yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FirstOccurrence Candidate(int row, uint eventBits, uint channelBits)
    {
        MessageIdBits id = _ids[row];
        return new FirstOccurrence
        {
            IdHigh = id.High,
            IdLow = id.Low,
            Timestamp = _timestamps[row],
            OffsetBits = FirstOccurrence.OffsetBitsOf(_firstOffset + row, _dayShifts[row], _hasNulls ? NullFlags(row) : 0),
            UserId = _users[row],
            CountryId = _countries[row],
            EventBits = eventBits,
            ChannelBits = channelBits,
        };
    }

    // A null's slot holds 0, so the candidate's value is 0 as it should be.
    private int NullFlags(int row) =>
        (_batch.Timestamps.IsNull(row) ? FirstOccurrence.NullTimestamp : 0)
        | (_batch.UserIds.IsNull(row) ? FirstOccurrence.NullUser : 0)
        | (_batch.CountryIds.IsNull(row) ? FirstOccurrence.NullCountry : 0);
}
