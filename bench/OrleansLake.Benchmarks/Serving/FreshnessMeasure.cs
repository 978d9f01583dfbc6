using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OrleansLake.Benchmarks.Serving;

/// <summary>Measures how long it takes from one message's acknowledgement until readers and watchers have it, while others come in.</summary>
internal static class FreshnessMeasure
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Sends single messages, every other one with <c>?wait=report</c>.</summary>
    public static FreshnessFigures Run(Uri address, TimeSpan time, string run)
    {
        var figures = new FreshnessFigures();
        using var stream = new HttpConnection(address);
        var seen = new List<(long Offset, long At)>();
        var reader = new Thread(() => Watch(stream, seen)) { IsBackground = true };
        stream.Get("/v1/reports/report1/stream");
        reader.Start();
        using var sender = new HttpConnection(address);
        var acknowledged = new List<(long Offset, long At)>();
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; Stopwatch.GetElapsedTime(started) < time; i++)
        {
            Thread.Sleep(Pause);
            bool waits = i % 2 == 1;
            byte[] body = Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"{{\"timestamp\":\"2024-11-15T12:00:00Z\",\"value\":\"v\",\"event_type\":\"SENT\",\"message_id\":\"fresh-{run}-{i}\",\"channel\":\"SMS\",\"country_id\":2001,\"user_id\":7}}\n"));
            byte[] request = [.. HttpConnection.PostHead(address, body.Length, waits ? "?wait=report" : ""), .. body];
            long from = Stopwatch.GetTimestamp();
            sender.Send(request);
            string token = TokenOf(sender.Receive());
            long at = Stopwatch.GetTimestamp();
            (waits ? figures.ShownMs : figures.DurableMs).Add(Stopwatch.GetElapsedTime(from, at).TotalMilliseconds);
            if (!waits)
            {
                acknowledged.Add((long.Parse(token.AsSpan(token.IndexOf('.') + 1), CultureInfo.InvariantCulture), at));
                sender.Get($"/v1/reports/report1?date=2024-11-15&channel=SMS&min_position={token}");
                sender.Receive();
                figures.ReadMs.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            }
        }

        Thread.Sleep(TimeSpan.FromSeconds(1));
        stream.Dispose();
        reader.Join();
        Match(acknowledged, seen, figures.PushedMs);
        return figures;
    }

    private static void Match(List<(long Offset, long At)> acknowledged, List<(long Offset, long At)> seen, List<double> ms)
    {
        int next = 0;
        foreach ((long offset, long at) in acknowledged)
        {
            while (next < seen.Count && seen[next].Offset < offset)
            {
                next++;
            }

            if (next == seen.Count)
            {
                throw new InvalidOperationException($"the stream never came to {offset}");
            }

            // It may be there before the sender has read its answer.
            ms.Add(Math.Max(0, (seen[next].At - at) * 1000.0 / Stopwatch.Frequency));
        }
    }

    // The position of every event, and when it was there.
    private static void Watch(HttpConnection stream, List<(long Offset, long At)> seen)
    {
        byte[] buffer = new byte[1024 * 1024];
        byte[] id = "\nid: "u8.ToArray();
        int kept = 0;
        try
        {
            while (stream.Socket.Receive(buffer.AsSpan(kept)) is > 0 and int more)
            {
                long now = Stopwatch.GetTimestamp();
                ReadOnlySpan<byte> text = buffer.AsSpan(0, kept + more);
                while (text.IndexOf(id) is >= 0 and int at && text[(at + id.Length)..].IndexOf((byte)'\n') is > 0 and int length)
                {
                    ReadOnlySpan<byte> position = text.Slice(at + id.Length, length);
                    seen.Add((long.Parse(position[(position.IndexOf((byte)'.') + 1)..], CultureInfo.InvariantCulture), now));
                    text = text[(at + id.Length + length)..];
                }

                // A position may be cut by the end of what came.
                text = text[Math.Max(0, text.Length - 64)..];
                text.CopyTo(buffer);
                kept = text.Length;
            }
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            // It is closed from here.
        }
    }

    private static string TokenOf(ReadOnlySpan<byte> receipt)
    {
        var json = new Utf8JsonReader(receipt);
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("token"u8))
            {
                json.Read();
                return json.GetString()!;
            }
        }

        throw new InvalidOperationException("no token in the receipt");
    }
}
