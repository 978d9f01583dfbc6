using System.Runtime.ExceptionServices;
using OrleansLake.Core;

namespace OrleansLake.Engine.Input;

/// <summary>A text's first bytes, what they say it is, and the text with these bytes before it again.</summary>
internal sealed class TextStart
{
    private TextStart(byte[] bytes, TextLayout layout, Stream text)
    {
        Bytes = bytes;
        Layout = layout;
        Text = text;
    }

    internal byte[] Bytes { get; }

    internal TextLayout Layout { get; }

    /// <summary>Gets the whole text.</summary>
    internal Stream Text { get; }

    /// <summary>Reads as much of a text as it takes to know what it is.</summary>
    /// <param name="text">The unpacked text; it stays open.</param>
    /// <param name="guess">The guess.</param>
    /// <param name="isEager">Look at no more than that: a sender may wait for what it has sent. Otherwise as many as are looked at are read.</param>
    /// <exception cref="InvalidDataException">It cannot be read; the message says what it is.</exception>
    internal static TextStart Read(Stream text, TextGuess guess, bool isEager)
    {
        byte[] buffer = new byte[TextGuess.LookedAtBytes];
        int filled = 0;
        ExceptionDispatchInfo? failure = null;
        while (true)
        {
            int read = 0;
            try
            {
                read = filled < buffer.Length ? text.Read(buffer, filled, buffer.Length - filled) : 0;
            }
            catch (InvalidDataException e)
            {
                // Whole records before that place are taken, so the reader gets the failure there.
                failure = ExceptionDispatchInfo.Capture(e);
            }

            filled += read;
            if (read > 0 && !isEager)
            {
                continue;
            }

            if (guess.Of(buffer.AsSpan(0, filled), isAll: read == 0) is { } layout)
            {
                byte[] bytes = buffer[..filled];
                return new TextStart(bytes, layout, new PrefixedStream(bytes, failure is null ? text : new FailedStream(failure)));
            }
        }
    }

    private sealed class FailedStream(ExceptionDispatchInfo failure) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer)
        {
            failure.Throw();
            return 0;
        }
    }
}
