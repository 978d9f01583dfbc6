using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;
using OrleansLake.TestSupport;

namespace OrleansLake.Crash.Tests;

/// <summary>A program that adds Parquet files to a lake's bronze folder, each whole at once, and remembers them.</summary>
internal sealed class OtherProgram(string lake, int seed, SentIds ids)
{
    private readonly List<List<SentMessage>> _files = [];

    /// <summary>Adds a file.</summary>
    public void Add()
    {
        var random = new Random(unchecked((seed * 397) + _files.Count));
        List<SentMessage> messages =
            [.. Enumerable.Range(0, random.Next(1, 200)).Select(row => SentMessage.Make(random, $"file {_files.Count} row {row}", mayLackTime: true))];
        string folder = Path.Combine(lake, "bronze", "messages", "data");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"other-{_files.Count:D4}.parquet");
        using (FileStream file = File.Create(path + ".part"))
        {
            BronzeFiles.Write(file, Batch(messages));
        }

        File.Move(path + ".part", path);
        _files.Add(messages);
    }

    /// <summary>Takes this program's rows out of bronze.</summary>
    /// <param name="bronze">All rows in order; those of this program go.</param>
    /// <param name="fault">What is wrong; null if every file is there once, whole and unbroken.</param>
    /// <returns>The other rows.</returns>
    public List<SentMessage> TakeOut(IReadOnlyList<SentMessage> bronze, out string? fault)
    {
        fault = null;
        var others = new List<SentMessage>();
        var seen = new HashSet<int>();
        for (int row = 0; row < bronze.Count;)
        {
            int file = _files.FindIndex(messages => messages[0] == bronze[row]);
            if (file < 0)
            {
                others.Add(bronze[row++]);
                continue;
            }

            if (!seen.Add(file))
            {
                fault = $"file {file} is there twice";
            }

            foreach (SentMessage message in _files[file])
            {
                if (row == bronze.Count || bronze[row++] != message)
                {
                    fault = $"file {file} is broken off at row {row}";
                    return others;
                }
            }
        }

        fault ??= seen.Count < _files.Count ? $"{seen.Count} of {_files.Count} files are there" : null;
        return others;
    }

    private MessageBatch Batch(List<SentMessage> messages)
    {
        var batch = new MessageBatch();
        foreach ((string value, Message message) in messages)
        {
            Append(batch.Timestamps, message.Timestamp);
            batch.Values.Append(Encoding.UTF8.GetBytes(value));
            Append(message.EventType, batch.EventTypes.Append, batch.EventTypes.AppendNull);
            Append(message.MessageId, batch.MessageIds.Append, batch.MessageIds.AppendNull);
            Append(message.Channel, batch.Channels.Append, batch.Channels.AppendNull);
            Append(batch.CountryIds, ids.Country(message.CountryId));
            Append(batch.UserIds, ids.User(message.UserId));
        }

        return batch;
    }

    private delegate void AppendText(ReadOnlySpan<byte> text);

    private static void Append(string? text, AppendText append, Action appendNull)
    {
        if (text is null)
        {
            appendNull();
        }
        else
        {
            append(Encoding.UTF8.GetBytes(text));
        }
    }

    private static void Append(IdColumn column, object? id)
    {
        switch (id)
        {
            case string text:
                column.Append(Encoding.UTF8.GetBytes(text));
                break;
            case long number:
                column.AppendInt64(number);
                break;
            case int number:
                column.Append(number);
                break;
            default:
                column.AppendNull();
                break;
        }
    }

    private static void Append<T>(NumberColumn<T> column, T? value)
        where T : unmanaged
    {
        if (value is { } number)
        {
            column.Append(number);
        }
        else
        {
            column.AppendNull();
        }
    }
}
