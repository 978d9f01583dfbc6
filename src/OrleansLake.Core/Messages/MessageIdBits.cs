namespace OrleansLake.Core.Messages;

/// <summary>128 bits of a message id; what they are is given by its <see cref="MessageIdKind"/>.</summary>
/// <param name="High">A UUID's first 8 bytes, big-endian, or a text's hash.</param>
/// <param name="Low">A UUID's last 8 bytes, big-endian, or where a text is.</param>
public readonly record struct MessageIdBits(ulong High, ulong Low);
