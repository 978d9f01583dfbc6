using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.State;
using OrleansLake.Engine.Partitions;
using OrleansLake.Storage;
using OrleansLake.Storage.Log;

namespace OrleansLake.Grains.Messages;

/// <summary>
/// A frame's rows by message, in the order in which messages first appear. Rows without a grain are in none: corrupted ones
/// have no key, a null id (another program's) or an empty one cannot be a grain's key, and a long one is not worth carrying.
/// </summary>
internal sealed class FrameMessages
{
    // Grain keys travel with every call. A longer id is decided in place.
    private const int IdBytesMax = 512;

    private readonly MessageBatch _rows;
    private readonly long _epoch;
    private readonly LogPosition _start;
    private readonly long[] _known;    // by row: the offset of what counts for its key before the frame
    private readonly int[] _next;    // by row: the message's next row
    private readonly string[] _eventTypes;    // by code
    private readonly string[] _channels;
    private readonly List<(IdSpan Id, int First, int Last, int Count)> _messages;

    /// <param name="partition">Its partition, which has applied everything before the frame.</param>
    /// <param name="frame">Its location.</param>
    /// <param name="rows">Its rows.</param>
    internal FrameMessages(LakePartition partition, LogFrame frame, MessageBatch rows)
    {
        _rows = rows;
        _epoch = partition.Epoch.Value;
        _start = frame.Start;
        _known = partition.FindOffsets(rows);
        _next = new int[rows.Count];
        _eventTypes = TextsOf(rows.EventTypes.Names);
        _channels = TextsOf(rows.Channels.Names);
        _messages = new(rows.Count);
        var byId = new Dictionary<IdSpan, int>(rows.Count);
        for (int row = 0; row < rows.Count; row++)
        {
            int length = rows.MessageIds.TextLength(row);
            if (length is 0 or > IdBytesMax || Corruption.IsCorrupted(rows.EventTypes[row], rows.EventTypes.IsNull(row)))
            {
                continue;
            }

            byte[] text = new byte[length];
            rows.MessageIds.CopyText(row, text);
            var id = new IdSpan(text);
            if (byId.TryAdd(id, _messages.Count))
            {
                _messages.Add((id, row, row, 1));
                continue;
            }

            int message = byId[id];
            (_, int first, int last, int count) = _messages[message];
            _next[last] = row;
            _messages[message] = (id, first, row, count + 1);
        }
    }

    internal int Count => _messages.Count;

    /// <summary>Returns a message's id as the key of its grain: UTF-8, as of a string.</summary>
    internal IdSpan IdOf(int message) => _messages[message].Id;

    /// <summary>Returns a message's copies, to be decided about by a grain that knows what counted before.</summary>
    internal MessageCopies CopiesOf(int message)
    {
        (_, int row, _, int count) = _messages[message];
        var copies = new MessageOccurrenceDto[count];
        long stamp = 0;
        for (int copy = 0; copy < count; copy++, row = _next[row])
        {
            copies[copy] = Cell(row);
            stamp += MessageCopies.StampOf(_known[row]);
        }

        return new MessageCopies { Epoch = _epoch, Frame = _start.Sequence, Copies = copies, KnownStamp = stamp };
    }

    /// <summary>Writes what was decided about a message's copies to their rows.</summary>
    internal void Put(int message, KeyDecision[] decided, KeyDecision[] rows)
    {
        (_, int row, _, int count) = _messages[message];
        for (int copy = 0; copy < count; copy++, row = _next[row])
        {
            rows[row] = decided[copy];
        }
    }

    private MessageOccurrenceDto Cell(int row) => MessageOccurrenceDto.Of(new MessageOccurrence
    {
        EventType = _eventTypes[_rows.EventTypes.Codes[row]],
        Channel = _rows.Channels.IsNull(row) ? null : _channels[_rows.Channels.Codes[row]],
        Timestamp = _rows.Timestamps.IsNull(row) ? null : _rows.Timestamps.Values[row],
        Offset = _start.Offset + row,
        UserId = _rows.UserIds[row],
        CountryId = _rows.CountryIds[row],
    });

    // Once a frame, not once a row.
    private static string[] TextsOf(NameTable names)
    {
        var texts = new string[names.Count];
        for (int code = 0; code < texts.Length; code++)
        {
            texts[code] = Encoding.UTF8.GetString(names[code]);
        }

        return texts;
    }
}
