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

    private void LeaveOutColumns(ParquetReader reader, Func<string, bool> isTaken, string file) =>
        LeaveOut(LeftOutColumns.Of(reader, isTaken, _rules.Keep), file);

    private IEnumerable<string> LeftOutNotes() => _leftOut is null ? [] : [IngestSummary.LeftOutNote(_leftOut, _filesLeavingOut, _rules.Keep)];
}
