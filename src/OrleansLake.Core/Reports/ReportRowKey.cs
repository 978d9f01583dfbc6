using System.Globalization;
using System.Text;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Reports;

/// <summary>The key of a report's row, comparable over tables.</summary>
public readonly record struct ReportRowKey
{
    private readonly string _text;

    /// <summary>Initializes the key of a row.</summary>
    public ReportRowKey(ReportTable table, int row)
    {
        ArgumentNullException.ThrowIfNull(table);
        var text = new StringBuilder();
        for (int key = 0; key < table.KeyCount; key++)
        {
            if (table.Columns[key].Type == ReportColumnType.LongNumber)
            {
                NumberColumn<long> numbers = table.LongNumbers(key);
                text.Append(numbers.IsNull(row) ? "-" : numbers.Values[row].ToString(CultureInfo.InvariantCulture)).Append(';');
            }
            else if (table.Columns[key].Type == ReportColumnType.Text)
            {
                // With its length, so that no text can look like two.
                TextColumn texts = table.Texts(key);
                text.Append(texts.IsNull(row) ? -1 : texts[row].Length).Append(':').Append(Encoding.Latin1.GetString(texts[row]));
            }
            else
            {
                NumberColumn<int> numbers = table.Numbers(key);
                text.Append(numbers.IsNull(row) ? "-" : numbers.Values[row].ToString(CultureInfo.InvariantCulture)).Append(';');
            }
        }

        _text = text.ToString();
    }
}
