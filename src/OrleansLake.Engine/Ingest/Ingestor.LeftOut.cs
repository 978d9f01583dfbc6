using OrleansLake.Core.Parsing;
using OrleansLake.Engine.Reading;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Ingest;

/// <content>What is noted of a source once: the fields that no column takes, and times that are read in too small a unit.</content>
internal sealed partial class Ingestor
{
    private readonly List<string> _filesLeavingOut = [];
    private Dictionary<string, long>? _leftOut;

    private CountedTimes? _times;

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

    private void NoteTimes(string name)
    {
        if (_times?.NoteOf(name) is { } note)
        {
            _notes.Add(note);
        }

        _times = null;
    }

    private IEnumerable<string> LeftOutNotes() => _leftOut is null ? [] : [IngestSummary.LeftOutNote(_leftOut, _filesLeavingOut, _rules.Keep)];
}
