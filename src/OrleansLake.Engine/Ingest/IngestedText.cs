using OrleansLake.Engine.Input;

namespace OrleansLake.Engine.Ingest;

/// <summary>Up to where a text was taken before, if it is the same text that was taken.</summary>
internal sealed class IngestedText
{
    private IngestedText()
    {
    }

    /// <summary>Gets the byte that comes next.</summary>
    internal required long Position { get; init; }

    /// <summary>Gets the number of the record that comes next, or continues.</summary>
    internal required long NextRecord { get; init; }

    /// <summary>Gets the number of records that were taken: of a text that continues with the end of the last of them, that one too.</summary>
    internal required long Records { get; init; }

    /// <summary>Gets a value indicating whether its bytes are the same, but not where its records end: it was taken as another format.</summary>
    internal bool IsOtherwiseCut { get; private init; }

    /// <summary>Gets a value indicating whether a row of a table was ingested that continues after the place.</summary>
    internal bool IsWithinRow { get; private init; }

    /// <summary>Compares a text with what was taken of it. Null: it is another one.</summary>
    /// <param name="text">The unpacked text, from its start.</param>
    /// <param name="layout">Where its records end now.</param>
    /// <param name="progress">What was taken.</param>
    internal static IngestedText? Find(Stream text, TextLayout layout, SourceProgress.FileProgress progress)
    {
        var blocks = new TextBlockReader(new FirstBytes(text, progress.EndPosition), layout, eager: false);
        bool isUnterminated = false;
        bool isBlank = true;
        bool isHeader = false;
        while (blocks.Read() is { } block)
        {
            using (block)
            {
                isUnterminated = block.IsUnterminated;
                isHeader = layout.IsTable && isUnterminated && isBlank;
                isBlank = isBlank && !block.Bytes.ContainsAnyExcept(" \t\r\n"u8);
            }
        }

        // Of blanks alone nothing was taken, and what they came before was not known then. Nor was anything of a header without
        // its end, which may have been half of one.
        if (isBlank || isHeader || blocks.Position != progress.EndPosition || blocks.PrefixCrc32C != progress.PrefixCrc32C)
        {
            return null;
        }

        Span<byte> next = stackalloc byte[1];
        bool goesOn = isUnterminated && text.ReadAtLeast(next, 1, throwOnEndOfStream: false) == 1;
        bool isLineEnd = goesOn && next[0] is (byte)'\n' or (byte)'\r';

        // What is neither an object nor an array ends before what shows that it has ended.
        bool isEnd = isLineEnd || (goesOn && layout.IsJsonText && next[0] is (byte)',' or (byte)']' or (byte)'{' or TextGuess.RecordSeparator);
        return new IngestedText
        {
            Position = progress.EndPosition,

            // The end of a record that was taken without it is the rest of that record.
            NextRecord = isLineEnd && !layout.IsJsonText ? progress.EndRecord - 1 : progress.EndRecord,
            Records = progress.EndRecord - 1,
            IsOtherwiseCut = blocks.Records != progress.EndRecord - 1 || (isUnterminated && !progress.Completed && goesOn && !isEnd),
            IsWithinRow = layout.IsTable && goesOn && !isLineEnd,
        };
    }
}
