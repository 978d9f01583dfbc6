using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;
using OrleansLake.Parquet;
using OrleansLake.Storage.Manifests;

namespace OrleansLake.Contracts;

/// <summary>The records of topics that are in the bronze of a lake that keeps sources.</summary>
internal static class BronzeRecords
{
    /// <summary>Returns the source and the offset of each row that is published, in their order.</summary>
    internal static List<(string Source, long Offset)> Of(string lake)
    {
        var records = new List<(string, long)>();
        foreach (DataFile file in LakeReader.Open(lake).Files.Where(static file => file.Path.StartsWith("bronze/", StringComparison.Ordinal)))
        {
            using ParquetReader reader = ParquetReader.Open(Path.Combine(lake, file.Path));
            for (int group = 0; group < reader.RowGroupCount; group++)
            {
                var sources = new BytesBuffer();
                var offsets = new Int64Buffer();
                reader.Read(group, KeptColumns.SourceName, sources);
                reader.Read(group, KeptColumns.SourceOffsetName, offsets);
                records.AddRange(Enumerable.Range(0, sources.Count).Select(row => (Encoding.UTF8.GetString(sources[row]), offsets.Values[row])));
            }
        }

        records.Sort();
        return records;
    }
}
