using OrleansLake.Core;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Engine.Input;

namespace OrleansLake.Engine.Ingest;

/// <summary>The fields that tried records have nowhere, and what of them no column takes, in the words of an ingest.</summary>
/// <param name="source">What the source is called.</param>
/// <param name="keep">What the lake keeps of records beside their messages.</param>
internal sealed class TrialNotes(SourceName source, KeptFields keep)
{
    private CountedTimes? _times;
    private KnownColumns _columns;
    private Dictionary<string, long>? _ofFile;
    private Dictionary<string, long>? _ofRecords;
    private long _records;
    private bool _isWhole;
    private bool _hasColumns;

    /// <summary>Gets what the lake keeps of records beside their messages.</summary>
    internal KeptFields Keep => keep;

    /// <summary>Notes what a file says of all its rows at once.</summary>
    internal void AddFile(KnownColumns columns, IReadOnlyDictionary<string, long>? leftOut)
    {
        _hasColumns = true;
        _columns |= columns;
        LeftOutFields.Add(ref _ofFile, leftOut);
    }

    /// <summary>Notes a record.</summary>
    /// <param name="columns">The columns that it named.</param>
    /// <param name="leftOut">What of it no column takes.</param>
    /// <param name="messages">The messages that it is.</param>
    /// <param name="rules">The rules by which it was read.</param>
    internal void AddRecord(KnownColumns columns, IReadOnlyDictionary<string, long>? leftOut, MessageBatch messages, RecordRules rules)
    {
        (_times ??= new CountedTimes(rules)).Add(messages);
        _records++;
        _columns |= columns;
        if ((keep & KeptFields.Attributes) == 0)
        {
            LeftOutFields.Add(ref _ofRecords, leftOut);
        }
    }

    /// <summary>Notes that all records of the source were tried.</summary>
    internal void End() => _isWhole = true;

    /// <summary>Returns the notes, a sentence each. Of records that were not tried they say nothing.</summary>
    /// <param name="mapping">The mapping that was tried.</param>
    internal IEnumerable<string> Sentences(MessageMapping mapping)
    {
        if (_records == 0)
        {
            yield break;
        }

        string name = _hasColumns ? source.Shown : source.NameBefore;
        string tried = _isWhole ? name : $"the first {(_records == 1 ? "record" : Counted.Of(_records, "record"))} of {name}";
        if (mapping.DescribeMissing(_columns) is { } missing)
        {
            yield return IngestSummary.MissingNote(missing, [_hasColumns ? name : tried]);
        }

        Dictionary<string, long>? ofTried = _ofRecords;
        if (_isWhole)
        {
            ofTried = _ofFile;
            LeftOutFields.Add(ref ofTried, _ofRecords);
        }
        else if (_ofFile is not null)
        {
            yield return IngestSummary.LeftOutNote(_ofFile, [name], keep);
        }

        if (ofTried is not null)
        {
            yield return IngestSummary.LeftOutNote(ofTried, [tried], keep);
        }

        if (_times?.NoteOf(tried) is { } times)
        {
            yield return times;
        }
    }
}
