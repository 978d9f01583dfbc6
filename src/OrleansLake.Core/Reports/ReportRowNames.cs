using System.Text;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Reports;

/// <summary>Resolves what the rows and columns of a report stand for: codes of names become the names.</summary>
internal sealed class ReportRowNames
{
    private readonly ReportDefinition _definition;
    private readonly NameTable _eventTypes;
    private readonly NameTable _channels;
    private readonly int _numberPlace;
    private readonly int _textPlace;

    public ReportRowNames(ReportDefinition definition, NameTable eventTypes, NameTable channels)
    {
        _definition = definition;
        _eventTypes = eventTypes;
        _channels = channels;
        _textPlace = PlaceOf(definition, isText: true);
        _numberPlace = PlaceOf(definition, isText: false);
        if (!CanTell(definition))
        {
            throw new NotSupportedException($"The rows of {definition.Name} are not distinguished by one number and one text.");
        }
    }

    /// <summary>Returns whether rows are distinguished by one number and one text at most, and columns by a text.</summary>
    public static bool CanTell(ReportDefinition definition) =>
        definition.RowKeys.Count(IsText) <= 1 && definition.RowKeys.Count(static key => !IsText(key)) <= 1 && IsText(definition.ColumnKey);

    private static int PlaceOf(ReportDefinition definition, bool isText)
    {
        for (int i = 0; i < definition.RowKeys.Count; i++)
        {
            if (IsText(definition.RowKeys[i]) == isText)
            {
                return i;
            }
        }

        return -1;
    }

    private static bool IsText(MessageField field) => ReportDefinition.ColumnType(field) == ReportColumnType.Text;

    public int? Number(ReadOnlySpan<int> tuple, byte nulls) => _numberPlace < 0 || (nulls >> _numberPlace & 1) != 0 ? null : tuple[_numberPlace];

    public string? Text(ReadOnlySpan<int> tuple, byte nulls) =>
        _textPlace < 0 || (nulls >> _textPlace & 1) != 0 ? null : Name(_definition.RowKeys[_textPlace], tuple[_textPlace]);

    public string? Column(TupleIndex columns, int column) => columns.Nulls(column) != 0 ? null : Name(_definition.ColumnKey, columns[column][0]);

    public byte Encode(ReportRow row, Span<int> tuple)
    {
        int nulls = 0;
        if (_numberPlace >= 0)
        {
            tuple[_numberPlace] = row.Number ?? 0;
            nulls |= row.Number is null ? 1 << _numberPlace : 0;
        }

        if (_textPlace >= 0)
        {
            tuple[_textPlace] = row.Text is null ? 0 : Code(_definition.RowKeys[_textPlace], row.Text);
            nulls |= row.Text is null ? 1 << _textPlace : 0;
        }

        return (byte)nulls;
    }

    public int Column(TupleIndex columns, string? name) =>
        columns.GetOrAdd([name is null ? 0 : Code(_definition.ColumnKey, name)], name is null ? (byte)1 : (byte)0);

    private string Name(MessageField field, int code) => Encoding.UTF8.GetString(TableOf(field)[code]);

    private int Code(MessageField field, string name) => TableOf(field).GetOrAdd(Encoding.UTF8.GetBytes(name));

    private NameTable TableOf(MessageField field) => field == MessageField.EventType ? _eventTypes : _channels;
}
