using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;

namespace OrleansLake.Client;

/// <summary>A filter of a report's rows. The columns are those of the whole report, whatever is filtered.</summary>
public sealed record ReportFilter
{
    /// <summary>Gets all rows.</summary>
    public static ReportFilter None { get; } = new();

    /// <summary>Gets the first date that is wanted; reports with dates only.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Gets the last date that is wanted; reports with dates only.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Gets the channels that are wanted; reports with a row for each channel only. Null: all.</summary>
    public IReadOnlyList<string>? Channels
    {
        get;
        init => field = value?.Contains(null!) == true ? throw new ArgumentNullException(nameof(Channels), "One of the channels is null.") : value;
    }

    /// <summary>Gets the users that are wanted; reports with users only. Null: all. In a lake whose users are texts, a number is its digits.</summary>
    public IReadOnlyList<IdValue>? Users { get; init; }

    /// <summary>Gets the number of rows that are wanted, in the report's order: the most active users, say. Null: all.</summary>
    public int? Top
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1, nameof(Top));
            field = value;
        }
    }

    /// <summary>Gets a value indicating whether every row is wanted.</summary>
    public bool IsEmpty => From is null && To is null && Channels is null && Users is null && Top is null;

    /// <summary>Returns the field of a filter that a report has no row key for; null if all fit.</summary>
    public MessageField? FieldThatDoesNotFit(ReportDefinition report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return (From ?? To) is not null && !report.RowKeys.Contains(MessageField.Date) ? MessageField.Date
            : Channels is not null && !report.RowKeys.Contains(MessageField.Channel) ? MessageField.Channel
            : Users is not null && !report.RowKeys.Contains(MessageField.UserId) ? MessageField.UserId
            : null;
    }
}
