using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Parquet;
using OrleansLake.TestSupport;

namespace OrleansLake.Contracts;

/// <summary>Holds what a file of bronze or silver keeps beside messages, and the column made of it, against what was sent.</summary>
internal static class KeptCheck
{
    /// <summary>Returns the first fault; null if there is none.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="hasAttributes">Whether a message, known by its value, came with what <see cref="SentAttributes"/> says: not in another program's file.</param>
    internal static string? FindFault(ParquetReader reader, Func<string, bool> hasAttributes)
    {
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            BytesBuffer values = new(), attributes = new(), sources = new(), plans = new();
            var offsets = new Int64Buffer();
            bool isKept = reader.HasColumn(KeptColumns.AttributesName);
            reader.Read(group, "value", values);
            reader.Read(group, SentAttributes.Column, plans);
            if (isKept)
            {
                reader.Read(group, KeptColumns.AttributesName, attributes);
                reader.Read(group, KeptColumns.SourceName, sources);
                reader.Read(group, KeptColumns.SourceOffsetName, offsets);
            }

            for (int row = 0; row < values.Count; row++)
            {
                string value = Encoding.UTF8.GetString(values[row]);
                bool isSent = hasAttributes(value);
                (string? Attributes, string? Plan) expected = isSent ? (SentAttributes.Of(value), SentAttributes.PlanOf(value)) : default;
                (string? Attributes, string? Plan) found = (isKept ? Text(attributes, row) : null, Text(plans, row));
                if (found != expected)
                {
                    return $"{reader.Name}, row {row}, '{value}' has {found}, and {expected} was sent";
                }

                if (isSent != (isKept && !sources.IsNull(row) && offsets.Values[row] > 0))
                {
                    return $"{reader.Name}, row {row}, '{value}': its source is {(isKept ? Text(sources, row) : null) ?? "null"}";
                }
            }
        }

        return null;
    }

    private static string? Text(BytesBuffer texts, int row) => texts.IsNull(row) ? null : Encoding.UTF8.GetString(texts[row]);
}
