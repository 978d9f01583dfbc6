using System.Buffers;
using System.Text;
using OrleansLake.Client;
using OrleansLake.Server.Reports;

namespace OrleansLake.Server.Live;

/// <summary>
/// Live updates as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): the event's
/// name, one line of JSON, and, with the last update of a position, that position as the id to continue from.
/// </summary>
internal static class EventText
{
    internal static void Write(IBufferWriter<byte> destination, LiveUpdate update)
    {
        switch (update)
        {
            case LiveSnapshot snapshot:
                destination.Write("event: snapshot\ndata: "u8);
                ReportJson.WriteSnapshot(destination, snapshot.Snapshot);
                break;
            case LiveDelta delta:
                destination.Write("event: delta\ndata: "u8);
                ReportJson.WriteDelta(destination, delta);
                break;
            case LiveStatus status:
                destination.Write("event: status\ndata: "u8);
                ReportJson.WriteStatus(destination, status);
                break;
            case LiveRefetch refetch:
                destination.Write("event: must-refetch\ndata: "u8);
                ReportJson.WritePosition(destination, refetch, refetch.Reason);
                break;
            case LiveBehind behind:
                destination.Write("event: behind\ndata: "u8);
                ReportJson.WritePosition(destination, behind, behind.Reason);
                break;
            case LiveProgress progress:
                destination.Write("event: position\ndata: "u8);
                ReportJson.WritePosition(destination, progress, null);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(update), update, "no such update");
        }

        if (update.IsComplete)
        {
            destination.Write("\nid: "u8);
            destination.Write(Encoding.ASCII.GetBytes(update.Position.ToString()));
        }

        destination.Write("\n\n"u8);
    }
}
