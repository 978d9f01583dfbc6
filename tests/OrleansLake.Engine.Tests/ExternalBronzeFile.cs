using OrleansLake.Core.Messages;
using OrleansLake.Engine.Publishing;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Tests;

/// <summary>Bronze files as other programs write them.</summary>
internal static class ExternalBronzeFile
{
    private static readonly DateTime Epoch = new(2024, 12, 20, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>A file whose row groups are these messages.</summary>
    internal static byte[] Bytes(params SentMessage[][] rowGroups)
    {
        using var bytes = new MemoryStream();
        using var writer = new ParquetWriter(bytes, MessageSchemas.Bronze(KeptFields.None, IdTypes.Default, AddedData.None));
        foreach (SentMessage[] rows in rowGroups)
        {
            var eventTypes = new NameTable();
            var channels = new NameTable();
            var applied = new AppliedBatch(SentMessage.Batch(rows), 0, [], [], isInBronze: false);
            applied.MapNames(eventTypes, channels);
            using var columns = MessageColumns.Of([RowRun.AllOf(applied)]);
            writer.WriteRowGroup(columns.Bronze(eventTypes, channels, IdTypes.Default, KeptFields.None, AddedData.None).ToArray());
        }

        writer.Finish();
        return bytes.ToArray();
    }

    /// <summary>Puts a file into a lake's bronze folder, last changed so many seconds after a fixed instant.</summary>
    internal static string Put(LakeUnderTest lake, string name, byte[] bytes, int seconds = 0)
    {
        string path = lake.Scratch.Write($"lake/bronze/messages/data/{name}", bytes);
        File.SetLastWriteTimeUtc(path, Epoch.AddSeconds(seconds));
        return path;
    }

    /// <summary>Text in a column of strings.</summary>
    internal static BytesData Texts(params string?[] texts)
    {
        var column = new TextColumn();
        foreach (string? text in texts)
        {
            if (text is null)
            {
                column.AppendNull();
            }
            else
            {
                column.Append(System.Text.Encoding.UTF8.GetBytes(text));
            }
        }

        return new BytesData(column.Bytes, column.Offsets, column.Validity.Words.ToArray());
    }

    /// <summary>A file with any columns.</summary>
    internal static byte[] Of(ParquetField[] fields, params ColumnData[] columns)
    {
        using var bytes = new MemoryStream();
        using var writer = new ParquetWriter(bytes, new ParquetSchema(fields));
        writer.WriteRowGroup(columns);
        writer.Finish();
        return bytes.ToArray();
    }
}
