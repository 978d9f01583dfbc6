using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Reports;

/// <summary>
/// A report as data: first occurrences counted by row keys, with one column for each value of the column key and a
/// column with the row's sum.
/// </summary>
public sealed record ReportDefinition
{
    /// <summary>Gets the report's name, which is its folder's too; distinct within a lake.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the fields that a row stands for: one field or more, no field twice.</summary>
    public required IReadOnlyList<MessageField> RowKeys { get; init; }

    /// <summary>Gets the field whose values become columns.</summary>
    public required MessageField ColumnKey { get; init; }

    /// <summary>Gets the value of a cell that nothing was counted for.</summary>
    public AbsentCell AbsentCell { get; init; }

    /// <summary>Gets the name of the column with a row's sum.</summary>
    public required string TotalColumn { get; init; }

    /// <summary>Gets the place of the column with a row's sum.</summary>
    public TotalPlace TotalPlace { get; init; }

    /// <summary>Gets a value indicating whether files declare the column with a row's sum as required. It never holds a null either way.</summary>
    public bool TotalIsRequired { get; init; }

    /// <summary>Gets the order of the rows.</summary>
    public ReportOrder Order { get; init; }

    /// <summary>Gets the types of the ids of the lake whose report it is; the lake sets them.</summary>
    public IdTypes Ids { get; init; } = IdTypes.Default;

    /// <summary>Returns the same report of a lake with ids of some types.</summary>
    public ReportDefinition Of(IdTypes ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return Ids == ids ? this : this with { Ids = ids };
    }

    /// <summary>Returns the name of a field as a report's column.</summary>
    public static string ColumnName(MessageField field) => field switch
    {
        MessageField.Date => "date",
        MessageField.EventType => MessageSchema.EventType.Name,
        MessageField.Channel => MessageSchema.Channel.Name,
        MessageField.UserId => MessageSchema.UserId.Name,
        MessageField.CountryId => MessageSchema.CountryId.Name,
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "no field of a message"),
    };

    /// <summary>Returns the type of a field as a report's column.</summary>
    public ReportColumnType ColumnType(MessageField field) => field switch
    {
        MessageField.Date => ReportColumnType.Date,
        MessageField.EventType or MessageField.Channel => ReportColumnType.Text,
        _ => (field == MessageField.UserId ? Ids.User : Ids.Country) switch
        {
            IdType.Text => ReportColumnType.Text,
            IdType.Number64 => ReportColumnType.LongNumber,
            _ => ReportColumnType.Number,
        },
    };

    /// <summary>Throws <see cref="ArgumentException"/> unless the definition can be counted.</summary>
    public void Validate()
    {
        // Without LINQ, which would be compiled for this enum at each start.
        uint fields = 0;
        for (int i = 0; i <= RowKeys.Count; i++)
        {
            MessageField field = i < RowKeys.Count ? RowKeys[i] : ColumnKey;
            if (field is < MessageField.Date or > MessageField.CountryId)
            {
                throw new ArgumentException($"Report '{Name}' has a key that is not a field of a message.");
            }

            if (RowKeys.Count == 0 || (fields >> (int)field & 1) != 0)
            {
                throw new ArgumentException($"Report '{Name}' needs row keys and a column key that are different fields.");
            }

            if (i < RowKeys.Count && ColumnName(field).Equals(TotalColumn, StringComparison.OrdinalIgnoreCase))
            {
                throw new ArgumentException($"Report '{Name}' calls its total as it calls a row key.");
            }

            fields |= 1u << (int)field;
        }
    }
}
