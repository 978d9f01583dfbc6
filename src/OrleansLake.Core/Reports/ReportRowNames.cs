using System.Text;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Reports;

/// <summary>Resolves what the rows and columns of a report stand for: codes of names become the names.</summary>
internal sealed class ReportRowNames
{
    private readonly ReportDefinition _definition;
    private readonly FieldNames _names;
    private readonly int _numberPlace;
    private readonly int _textPlace;

    public ReportRowNames(ReportDefinition definition, FieldNames names)
    {
        _definition = definition;
        _names = names;
        _textPlace = PlaceOf(definition, isText: true);
        _numberPlace = PlaceOf(definition, isText: false);
        if (!CanTell(definition))
        {
            throw new NotSupportedException($"The rows of {definition.Name} are not distinguished by one number or id and one text.");
        }
    }

    /// <summary>Returns whether rows are distinguished by one number or id and one text at most, and columns by a text.</summary>
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

    // Whatever the type of ids is: an id is where numbers are.
    private static bool IsText(MessageField field) => field is MessageField.EventType or MessageField.Channel;

    public IdValue? Number(ReadOnlySpan<int> tuple, byte nulls)
    {
        if (_numberPlace < 0 || (nulls >> _numberPlace & 1) != 0)
        {
            return null;
        }

        MessageField field = _definition.RowKeys[_numberPlace];
        return IdColumn.ValueOf(_names.Of(field), _names.TypeOf(field), tuple[_numberPlace]);
    }

    public string? Text(ReadOnlySpan<int> tuple, byte nulls) =>
        _textPlace < 0 || (nulls >> _textPlace & 1) != 0 ? null : Name(_definition.RowKeys[_textPlace], tuple[_textPlace]);

    public string? Column(TupleIndex columns, int column) => columns.Nulls(column) != 0 ? null : Name(_definition.ColumnKey, columns[column][0]);

    public byte Encode(ReportRow row, Span<int> tuple)
    {
        int nulls = 0;
        if (_numberPlace >= 0)
        {
            tuple[_numberPlace] = row.Number is { } number ? Code(_definition.RowKeys[_numberPlace], number) : 0;
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

    private string Name(MessageField field, int code) => Encoding.UTF8.GetString(_names.Of(field)![code]);

    private int Code(MessageField field, string name) => _names.Of(field)!.GetOrAdd(Encoding.UTF8.GetBytes(name));

    private int Code(MessageField field, IdValue id) => _names.Of(field) is { } names ? names.GetOrAdd(IdColumn.NameOf(id, _names.TypeOf(field)))
        : checked((int)(id.Number ?? throw new ArgumentException($"The id {id} is not a number.", nameof(id))));
}
