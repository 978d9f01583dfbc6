using System.Collections.Concurrent;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;

namespace OrleansLake.Engine.Sending;

/// <summary>Parses small bodies, over and over in the same memory.</summary>
internal sealed class SmallBody(LakeTimeZone zone, IdTypes ids)
{
    /// <summary>Some hundred messages: parsed and copied in microseconds.</summary>
    internal const int BytesMax = 16 * 1024;

    // A name that came once stays in the batch's table: they are few, unless somebody makes them up.
    private const int NamesMax = 64;

    private static readonly ConcurrentBag<SmallBody> Pool = [];

    private readonly LakeTimeZone _zone = zone;
    private readonly NdjsonParser _parser = new(zone, ids: ids);
    private readonly IdTypes _ids = ids;
    private readonly List<Rejection> _rejections = [];

    /// <summary>Gets the messages.</summary>
    internal MessageBatch Messages { get; private set; } = new();

    /// <summary>Gets the values of fields that no column takes, by the fields' names; null if there are none.</summary>
    internal IReadOnlyDictionary<string, long>? LeftOut { get; private set; }

    /// <summary>Returns a body's messages, to be given back by <see cref="Return"/>; null if it is not a small body of lines that are
    /// all messages.</summary>
    internal static SmallBody? TryParse(ReadOnlySpan<byte> body, LakeTimeZone zone, IdTypes ids)
    {
        if (body.Length > BytesMax || body.IsEmpty || body[0] != '{')
        {
            return null;
        }

        SmallBody small = Pool.TryTake(out SmallBody? pooled) && ReferenceEquals(pooled._zone, zone) && pooled._ids == ids ? pooled : new SmallBody(zone, ids);
        small._parser.Parse(body, 1, 0, small.Messages, small._rejections);
        small.LeftOut = small._parser.TakeLeftOut();
        if (small._rejections.Count == 0)
        {
            return small;
        }

        small.Return();
        return null;
    }

    internal void Return()
    {
        _rejections.Clear();
        Messages.Truncate(0);
        if (Messages.EventTypes.Names.Count > NamesMax || Messages.Channels.Names.Count > NamesMax
            || Messages.UserIds.Names?.Count > NamesMax || Messages.CountryIds.Names?.Count > NamesMax)
        {
            Messages = new MessageBatch();
        }

        Pool.Add(this);
    }
}
