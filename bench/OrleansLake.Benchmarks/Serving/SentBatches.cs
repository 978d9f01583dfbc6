using OrleansLake.Benchmarks.Durability;

namespace OrleansLake.Benchmarks.Serving;

/// <summary>
/// The messages of <c>lake produce --profile bench</c> in batches, as often as needed: in every round the last four
/// digits of each message id are the round's number, so that what is a repetition within the messages is one, and
/// nothing else is.
/// </summary>
internal sealed class SentBatches
{
    private const int IdBytes = 36;
    private static readonly byte[] IdName = "\"message_id\":\""u8.ToArray();

    private readonly ReadOnlyMemory<byte>[] _bodies;
    private readonly int[][] _rounds;
    private long _next;

    /// <param name="lines">The messages.</param>
    /// <param name="batch">The number of them in a batch.</param>
    /// <param name="firstRound">Other than that of others who send the same messages to the same lake.</param>
    public SentBatches(DurabilityLines lines, int batch, int firstRound = 0)
    {
        BatchMessages = batch;
        int count = lines.Count / batch;
        _bodies = new ReadOnlyMemory<byte>[count];
        _rounds = new int[count][];
        _next = ((long)firstRound * count) - 1;
        for (int i = 0; i < count; i++)
        {
            _bodies[i] = lines.Batch(i * batch, batch);
            _rounds[i] = PlacesIn(_bodies[i].Span, batch);
        }

        BytesMax = _bodies.Max(body => body.Length);
    }

    /// <summary>Messages in a batch.</summary>
    public int BatchMessages { get; }

    /// <summary>The longest batch.</summary>
    public int BytesMax { get; }

    /// <summary>Copies the next batch that nobody has taken yet.</summary>
    /// <returns>Its bytes.</returns>
    public int Take(Span<byte> to)
    {
        long number = Interlocked.Increment(ref _next);
        int index = (int)(number % _bodies.Length);
        ReadOnlySpan<byte> body = _bodies[index].Span;
        body.CopyTo(to);
        uint round = (uint)(number / _bodies.Length) & 0xFFFF;
        Span<byte> digits = stackalloc byte[4];
        round.TryFormat(digits, out _, "x4");
        foreach (int place in _rounds[index])
        {
            digits.CopyTo(to[place..]);
        }

        return body.Length;
    }

    private static int[] PlacesIn(ReadOnlySpan<byte> body, int batch)
    {
        var places = new List<int>(batch);
        int at = 0;
        while (body[at..].IndexOf(IdName) is >= 0 and int found)
        {
            at += found + IdName.Length + IdBytes;
            places.Add(at - 4);
        }

        return [.. places];
    }
}
