using OrleansLake.Core;
using OrleansLake.Core.Parsing;

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

    private IEnumerable<string> LeftOutNotes() => _leftOut is null ? []
        : [$"{_filesLeavingOut[0]}{(_filesLeavingOut.Count == 1 ? "" : $" and {Counted.Of(_filesLeavingOut.Count - 1, "other")}")}: {LeftOutFields.Describe(_leftOut)}."];
}
