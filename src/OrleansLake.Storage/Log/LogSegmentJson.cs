using OrleansLake.Storage.Json;

namespace OrleansLake.Storage.Log;

internal static class LogSegmentJson
{
    public static LogSegment Map(ref StorageJson json, LogSegment? segment)
    {
        long? epoch = segment?.Epoch.Value;
        long? number = segment?.Number;
        LogPosition? start = segment?.Start;
        LogPosition? seal = segment?.Seal;
        json.BeginObject();
        while (json.NextField())
        {
            _ = json.Int64("epoch"u8, ref epoch)
                || json.Int64("number"u8, ref number)
                || json.Value("start"u8, ref start, MapPosition)
                || json.Value("seal"u8, ref seal, MapPosition)
                || json.Unknown();
        }

        return segment ?? new LogSegment(new Epoch(epoch ?? 0), number ?? 0, start ?? default, seal);
    }

    public static LogPosition MapPosition(ref StorageJson json, LogPosition position)
    {
        long? sequence = position.Sequence;
        long? offset = position.Offset;
        json.BeginObject();
        while (json.NextField())
        {
            _ = json.Int64("sequence"u8, ref sequence) || json.Int64("offset"u8, ref offset) || json.Unknown();
        }

        return new LogPosition(sequence ?? 0, offset ?? 0);
    }
}
