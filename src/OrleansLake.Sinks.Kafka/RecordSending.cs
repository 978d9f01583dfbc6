using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Confluent.Kafka;
using OrleansLake.Client;
using OrleansLake.Core.Reports;

namespace OrleansLake.Sinks.Kafka;

/// <summary>Sends a step's records: of rows <c>{"epoch":3,"step":17,"row":{"date":"2024-12-16","channel":"CHAT","total":5,"SENT":5}}</c>, of removed rows none.</summary>
internal sealed class RecordSending : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IProducer<byte[], byte[]?> _producer;
    private readonly Headers _version;
    private readonly byte[] _start;
    private readonly CancellationToken _stop;
    private readonly ArrayBufferWriter<byte> _row = new();
    private readonly Utf8JsonWriter _json;
    private volatile Error? _failure;

    internal RecordSending(IProducer<byte[], byte[]?> producer, long epoch, long step, CancellationToken stop)
    {
        _producer = producer;
        _stop = stop;
        _json = new Utf8JsonWriter(_row, Options);
        _version = new Headers { { TopicContents.EpochHeader, Text(epoch) }, { TopicContents.StepHeader, Text(step) } };
        _start = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"epoch\":{epoch},\"step\":{step}")), .. RowMember];
    }

    /// <summary>Gets what comes before the row in a record's value.</summary>
    internal static ReadOnlySpan<byte> RowMember => ",\"row\":"u8;

    /// <summary>Sends rows.</summary>
    internal void Send(string topic, ReportTable rows) => EachRow(rows, (key, row) => Produce(topic, key, row));

    /// <summary>Sends that rows are gone.</summary>
    internal void Remove(string topic, ReportTable rows) => Array.ForEach(rows.KeysAsJson(), key => Produce(topic, key, null));

    /// <summary>Sends what makes a topic's contents the whole report.</summary>
    internal void SendDifference(string topic, TopicContents contents, ReportTable whole)
    {
        EachRow(whole, (key, row) =>
        {
            if (!contents.Take(key, row))
            {
                Produce(topic, key, row);
            }
        });
        foreach (byte[] key in contents.Left())
        {
            Produce(topic, key, null);
        }
    }

    /// <summary>Sends the lake's counts, with the position that the step ends at.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="step">The step; null before the first one.</param>
    /// <param name="status">The counts; null before the first ones.</param>
    internal void SendLedger(string topic, SinkStep? step, LiveStatus? status)
    {
        _row.ResetWrittenCount();
        _json.Reset(_row);
        _json.WriteStartObject();
        if (step is not null)
        {
            _json.WriteString("position"u8, step.Position.ToString());
            _json.WriteString("time"u8, step.Time.UtcDateTime);
        }

        if (status is not null)
        {
            _json.WriteNumber("bronze"u8, status.Ledger.Bronze);
            _json.WriteNumber("messages"u8, status.Ledger.Messages);
            _json.WriteNumber("messages_corrupted"u8, status.Ledger.MessagesCorrupted);
            _json.WriteNumber("rejected"u8, status.Ledger.Rejected);
            _json.WriteNumber("deduplicated"u8, status.Ledger.Deduplicated);
            if (status.NewestEvent is { } newest)
            {
                _json.WriteString("newest_event"u8, newest.UtcDateTime);
            }
        }

        _json.WriteEndObject();
        _json.Flush();
        Produce(topic, [.. "{\"id\":\"ledger\"}"u8], _row.WrittenSpan.ToArray());
    }

    /// <summary>Waits until the brokers have all of them.</summary>
    /// <exception cref="KafkaException">They do not have one.</exception>
    internal void Finish()
    {
        _producer.Flush(_stop);
        if (_failure is { } failure)
        {
            throw new KafkaException(failure);
        }
    }

    public void Dispose() => _json.Dispose();

    private void Produce(string topic, byte[] key, byte[]? row)
    {
        var message = new Message<byte[], byte[]?> { Key = key, Value = row is null ? null : [.. _start, .. row, (byte)'}'], Headers = _version };
        while (true)
        {
            _stop.ThrowIfCancellationRequested();
            try
            {
                _producer.Produce(topic, message, Delivered);
                return;
            }
            catch (ProduceException<byte[], byte[]?> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                _producer.Poll(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    private void Delivered(DeliveryReport<byte[], byte[]?> report)
    {
        if (report.Error.IsError)
        {
            _failure ??= report.Error;
        }
    }

    // A row has the counts that it has: one that comes into being later would change all others.
    private void EachRow(ReportTable table, Action<byte[], byte[]> use)
    {
        JsonEncodedText total = Encoded(table.ColumnNames[table.TotalIndex]);
        JsonEncodedText[] counted = [.. table.CountedNames.Select(Encoded)];
        byte[][] keys = table.KeysAsJson();
        for (int row = 0; row < keys.Length; row++)
        {
            _row.ResetWrittenCount();
            _json.Reset(_row);
            _json.WriteStartObject();
            _json.WriteNumber(total, table.Totals[row]);
            ReadOnlySpan<int> cells = table.CellColumns(row);
            ReadOnlySpan<long> counts = table.CellCounts(row);
            for (int i = 0; i < cells.Length; i++)
            {
                _json.WriteNumber(counted[cells[i]], counts[i]);
            }

            _json.WriteEndObject();
            _json.Flush();
            use(keys[row], [.. keys[row].AsSpan(..^1), (byte)',', .. _row.WrittenSpan[1..]]);
        }
    }

    private static JsonEncodedText Encoded(string name) => JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    private static byte[] Text(long number) => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
