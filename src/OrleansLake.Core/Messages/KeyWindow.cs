namespace OrleansLake.Core.Messages;

/// <summary>
/// The windows of idempotency keys: the newest keys of a window are remembered however many others come. A sender of deliveries that a broker may repeat
/// has one for each queue.
/// </summary>
public static class KeyWindow
{
    /// <summary>The character that ends a window's name in a key: what comes before the first one is the name.</summary>
    public const char End = '\u001F';
}
