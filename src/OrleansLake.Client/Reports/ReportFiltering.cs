using System.Globalization;
using System.Text;
using OrleansLake.Client.Faults;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;

namespace OrleansLake.Client.Reports;

/// <summary>Applies a filter's conditions on keys to tables of a report: whole ones, and the rows of changes.</summary>
internal sealed class ReportFiltering
{
    private static readonly int DayNumberOf1970 = new DateOnly(1970, 1, 1).DayNumber;

    private readonly List<Func<ReportTable, int, bool>> _conditions = [];

    internal ReportFiltering(ReportDefinition report, ReportFilter filter)
    {
        if (filter.FieldThatDoesNotFit(report) is { } field)
        {
            throw new LakeClientException(
                LakeClientErrorKind.BadRequest, $"{report.Name} has no rows by {ReportDefinition.ColumnName(field)}; it has rows by {string.Join(" and ", report.RowKeys.Select(ReportDefinition.ColumnName))}.");
        }

        if (filter.From > filter.To)
        {
            throw new LakeClientException(LakeClientErrorKind.BadRequest, "'from' is after 'to': no date is both.");
        }

        if (filter.From is { } from)
        {
            int least = from.DayNumber - DayNumberOf1970;
            Add(report, MessageField.Date, (table, key, row) => !table.Numbers(key).IsNull(row) && table.Numbers(key).Values[row] >= least);
        }

        if (filter.To is { } to)
        {
            int greatest = to.DayNumber - DayNumberOf1970;
            Add(report, MessageField.Date, (table, key, row) => !table.Numbers(key).IsNull(row) && table.Numbers(key).Values[row] <= greatest);
        }

        if (filter.Channels is { } channels)
        {
            byte[][] names = [.. channels.Select(static channel => Utf8Of(channel, "channel"))];
            Add(report, MessageField.Channel, (table, key, row) => !table.Texts(key).IsNull(row) && IsAmong(names, table.Texts(key)[row]));
        }

        if (filter.Users is { } users)
        {
            HashSet<long> numbers = [.. users.Select(NumberOf).OfType<long>()];
            byte[][] texts = [.. users.Select(static user => Utf8Of(user.ToString(), "user"))];
            Add(report, MessageField.UserId, (table, key, row) => table.Columns[key].Type switch
            {
                ReportColumnType.Text => !table.Texts(key).IsNull(row) && IsAmong(texts, table.Texts(key)[row]),
                ReportColumnType.LongNumber => !table.LongNumbers(key).IsNull(row) && numbers.Contains(table.LongNumbers(key).Values[row]),
                _ => !table.Numbers(key).IsNull(row) && numbers.Contains(table.Numbers(key).Values[row]),
            });
        }
    }

    // A text of digits is the number where users are numbers; another one is not a user's there.
    private static long? NumberOf(IdValue user) =>
        user.Number ?? (long.TryParse(user.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null);

    private static byte[] Utf8Of(string text, string what)
    {
        UnicodeText.Check(text, what);
        return Encoding.UTF8.GetBytes(text);
    }

    /// <summary>Returns the rows that meet the conditions.</summary>
    internal ReportTable Apply(ReportTable table)
    {
        if (_conditions.Count == 0)
        {
            return table;
        }

        var rows = new List<int>();
        for (int row = 0; row < table.RowCount; row++)
        {
            if (_conditions.TrueForAll(condition => condition(table, row)))
            {
                rows.Add(row);
            }
        }

        return table.Select(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(rows));
    }

    private void Add(ReportDefinition report, MessageField field, Func<ReportTable, int, int, bool> condition)
    {
        int key = report.RowKeys.ToList().IndexOf(field);
        _conditions.Add((table, row) => condition(table, key, row));
    }

    private static bool IsAmong(byte[][] names, ReadOnlySpan<byte> text)
    {
        foreach (byte[] name in names)
        {
            if (text.SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }
}
