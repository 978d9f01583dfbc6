using System.Text;

namespace OrleansLake.Engine;

/// <summary>
/// The idempotency key of a body, by which it is recognised when it is sent again: a producer's name and the number that it gave the batch, or an
/// idempotency key. How many are remembered is in docs/formats/state.md.
/// </summary>
public sealed record SendKey
{
    private SendKey(BatchKey key) => Key = key;

    internal BatchKey Key { get; }

    /// <summary>Returns a producer's batch. Numbers go up; one below the 64 highest that are remembered is refused.</summary>
    /// <exception cref="ArgumentException">The name is empty, longer than 255 bytes, or not text.</exception>
    public static SendKey Batch(string producer, long number) => new(new BatchKey(Checked(producer), number));

    /// <summary>Returns a key that stands for this body alone.</summary>
    /// <exception cref="ArgumentException">The key is empty, longer than 255 bytes, or not text.</exception>
    public static SendKey Idempotency(string key) => new(new BatchKey(Checked(key), null));

    /// <summary>Returns the key for people.</summary>
    public override string ToString() => Key.Number is { } number ? $"{Key.Name} #{number}" : Key.Name;

    private static string Checked(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        int bytes;
        try
        {
            bytes = new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(name);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException("it holds half a surrogate pair, but text that UTF-8 can hold is expected", nameof(name), e);
        }

        return bytes <= BatchKey.NameBytesMax ? name
            : throw new ArgumentException($"it has {bytes} bytes, but at most {BatchKey.NameBytesMax} are allowed", nameof(name));
    }
}
