using System.Buffers;

namespace OrleansLake.Client.Producing;

/// <summary>
/// Messages that are sent together, a line each. They are settled (stored, or refused for good) from the first one on.
/// </summary>
internal sealed class ProducerBatch
{
    private readonly ArrayBufferWriter<byte> _body = new();
    private readonly List<LakeMessage> _messages = [];
    private readonly List<int> _ends = [];

    internal int Count => _messages.Count;

    internal int Bytes => _body.WrittenCount;

    /// <summary>Gets or sets the number of messages that are settled.</summary>
    internal int Settled { get; set; }

    /// <summary>Gets or sets the number of messages after those that were being sent, so that they may be stored.</summary>
    internal int Uncertain { get; set; }

    internal void Clear()
    {
        _body.ResetWrittenCount();
        _messages.Clear();
        _ends.Clear();
        Settled = 0;
        Uncertain = 0;
    }

    internal void Add(LakeMessage message, byte[] json)
    {
        _body.Write(json);
        _body.Write("\n"u8);
        _messages.Add(message);
        _ends.Add(_body.WrittenCount);
    }

    /// <summary>Returns the body of some of them.</summary>
    internal ReadOnlySequence<byte> Body(int first, int count) => new(_body.WrittenMemory[Start(first)..Start(first + count)]);

    /// <summary>Returns the number of some of them that come before the middle of their bytes: at least one, and not all.</summary>
    internal int Half(int first, int count)
    {
        int middle = Start(first) + ((Start(first + count) - Start(first)) / 2);
        int half = 1;
        while (half < count - 1 && Start(first + half + 1) <= middle)
        {
            half++;
        }

        return half;
    }

    internal LakeMessage Message(int index) => _messages[index];

    /// <summary>Returns those that are not settled.</summary>
    internal IEnumerable<LakeMessage> Rest() => _messages.Skip(Settled);

    private int Start(int index) => index == 0 ? 0 : _ends[index - 1];
}
