using OrleansLake.Core.Messages;
using OrleansLake.Engine.Publishing;
using OrleansLake.Parquet;

namespace OrleansLake.Engine;

/// <summary>Messages as a bronze Parquet file, for producers that write into a bronze folder themselves.</summary>
public static class BronzeFiles
{
    /// <summary>Writes one file.</summary>
    /// <param name="destination">The stream to write to.</param>
    /// <param name="batches">The messages, in order.</param>
    public static void Write(Stream destination, params IReadOnlyList<MessageBatch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        var eventTypes = new NameTable();
        var channels = new NameTable();
        var runs = new List<RowRun>();
        foreach (MessageBatch batch in batches)
        {
            var applied = new AppliedBatch(batch, 0, [], [], isInBronze: false);
            applied.MapNames(eventTypes, channels);
            runs.Add(RowRun.AllOf(applied));
        }

        IdType users = batches.Select(static batch => batch.UserIds.Type).Max();
        IdType countries = batches.Select(static batch => batch.CountryIds.Type).Max();
        var ids = new IdTypes(users, countries);
        using var writer = new ParquetWriter(destination, MessageSchemas.Bronze(KeptFields.None, ids, AddedData.None));
        foreach (List<RowRun> group in DataFileWriter.RowGroups(runs))
        {
            using var columns = MessageColumns.Of(group);
            writer.WriteRowGroup(columns.Bronze(eventTypes, channels, ids, KeptFields.None, AddedData.None).ToArray());
        }

        writer.Finish();
    }
}
