using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;
using OrleansLake.Parquet;
using OrleansLake.Storage.Manifests;

namespace OrleansLake.Contracts;

/// <summary>The records that are in the bronze of a lake.</summary>
internal static class BronzeRecords
{
    /// <summary>Returns the message id of each row that is published, in their order.</summary>
    internal static List<string> IdsOf(string lake)
    {
        var ids = new List<string>();
        Read(lake, (reader, group) =>
        {
            var texts = new BytesBuffer();
            reader.Read(group, MessageSchema.MessageId.Name, texts);
            ids.AddRange(Enumerable.Range(0, texts.Count).Select(row => Encoding.UTF8.GetString(texts[row])));
        });
        ids.Sort(StringComparer.Ordinal);
        return ids;
    }

    /// <summary>Returns the source and the offset of each row that is published, in their order, of a lake that keeps them.</summary>
    internal static List<(string Source, long Offset)> Of(string lake)
    {
        var records = new List<(string, long)>();
        Read(lake, (reader, group) =>
        {
            var sources = new BytesBuffer();
            var offsets = new Int64Buffer();
            reader.Read(group, KeptColumns.SourceName, sources);
            reader.Read(group, KeptColumns.SourceOffsetName, offsets);
            records.AddRange(Enumerable.Range(0, sources.Count).Select(row => (Encoding.UTF8.GetString(sources[row]), offsets.Values[row])));
        });
        records.Sort();
        return records;
    }

    private static void Read(string lake, Action<ParquetReader, int> read)
    {
        foreach (DataFile file in LakeReader.Open(lake).Files.Where(static file => file.Path.StartsWith("bronze/", StringComparison.Ordinal)))
        {
            using ParquetReader reader = ParquetReader.Open(Path.Combine(lake, file.Path));
            for (int group = 0; group < reader.RowGroupCount; group++)
            {
                read(reader, group);
            }
        }
    }
}
