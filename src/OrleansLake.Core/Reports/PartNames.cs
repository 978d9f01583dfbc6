using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Reports;

/// <summary>Takes rows and columns whose names are codes of one pair of tables over to names of its own.</summary>
internal sealed class PartNames(ReportDefinition definition, NameTable eventTypes, NameTable channels)
{
    private readonly int[] _eventCodes = new int[eventTypes.Count];      // own code + 1; 0 is unknown
    private readonly int[] _channelCodes = new int[channels.Count];
    private readonly int[] _tuple = new int[definition.RowKeys.Count];

    public PartNames(ReportDefinition definition, NameTable eventTypes, NameTable channels, NameTable ownEventTypes, NameTable ownChannels)
        : this(definition, eventTypes, channels)
    {
        EventTypes = ownEventTypes;
        Channels = ownChannels;
    }

    public NameTable EventTypes { get; } = new();

    public NameTable Channels { get; } = new();

    public int GetOrAddRow(TupleIndex rows, ReadOnlySpan<int> tuple, byte nulls)
    {
        for (int place = 0; place < tuple.Length; place++)
        {
            _tuple[place] = (nulls >> place & 1) != 0 ? 0 : Own(definition.RowKeys[place], tuple[place]);
        }

        return rows.GetOrAdd(_tuple, nulls);
    }

    public int GetOrAddColumn(TupleIndex columns, ReadOnlySpan<int> column, byte nulls) =>
        columns.GetOrAdd([nulls != 0 ? 0 : Own(definition.ColumnKey, column[0])], nulls);

    private int Own(MessageField field, int value) => field switch
    {
        MessageField.EventType => Own(_eventCodes, eventTypes, EventTypes, value),
        MessageField.Channel => Own(_channelCodes, channels, Channels, value),
        _ => value,
    };

    private static int Own(int[] codes, NameTable from, NameTable to, int value)
    {
        if (codes[value] == 0)
        {
            codes[value] = to.GetOrAdd(from[value]) + 1;
        }

        return codes[value] - 1;
    }
}
