using OrleansLake.Core;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Engine.Reading;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Ingest;

/// <content>The fields that no column takes, named once for a source.</content>
internal sealed partial class Ingestor
{
    private readonly List<string> _filesLeavingOut = [];
    private Dictionary<string, long>? _leftOut;

    private void LeaveOut(IReadOnlyDictionary<string, long>? fields, string file)
    {
        if (fields is null)
        {
            return;
        }

        LeftOutFields.Add(ref _leftOut, fields);
        if (_filesLeavingOut is [] || _filesLeavingOut[^1] != file)
        {
            _filesLeavingOut.Add(file);
        }
    }

    // Where attributes are kept, lists and maps alone are left out.
    private void LeaveOutColumns(ParquetReader reader, Func<string, bool> isTaken, string file)
    {
        Dictionary<string, long>? columns = LeftOutColumns.Of(reader, isTaken);
        LeaveOut(
            columns is null || (_rules.Keep & KeptFields.Attributes) == 0 ? columns
                : columns.Where(column => !RowJson.Writes(reader.Columns, column.Key)).ToDictionary() is { Count: > 0 } others ? others : null,
            file);
    }

    private IEnumerable<string> LeftOutNotes() => _leftOut is null ? []
        : [$"{_filesLeavingOut[0]}{(_filesLeavingOut.Count == 1 ? "" : $" and {Counted.Of(_filesLeavingOut.Count - 1, "other")}")}: {LeftOutFields.Describe(_leftOut)}{((_rules.Keep & KeptFields.Attributes) == 0 ? "; keep them by lake column keep attributes" : "")}."];
}
