using System.Buffers;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;

namespace OrleansLake.Engine.Input;

/// <summary>Reads lines that are forms, such as a webhook's bodies that somebody kept, one a line.</summary>
internal static class FormLines
{
    /// <summary>Reads whole lines; the last may lack its end.</summary>
    /// <param name="block">The lines. Blank ones are skipped, but count as records.</param>
    /// <param name="parser">Reads the objects that forms are.</param>
    /// <param name="parsed">Gets the messages, and what is not one: as the object that it was read as, or if it is not a form as it is.</param>
    internal static void Parse(InputBlock block, NdjsonParser parser, ParsedBlock parsed)
    {
        var json = new ArrayBufferWriter<byte>();
        ReadOnlySpan<byte> bytes = block.Bytes;
        long record = block.FirstRecord;
        for (int at = 0; at < bytes.Length; record++)
        {
            int length = bytes[at..].IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = (length < 0 ? bytes[at..] : bytes.Slice(at, length)).TrimEnd((byte)'\r');
            if (line.ContainsAnyExcept(" \t"u8))
            {
                json.ResetWrittenCount();
                if (!FormText.MayBe(line))
                {
                    Reject(RejectionReason.NotReadable, $"the line is not a form (name=value&name=value): {ShownText.Of(line)}", line, at);
                }
                else if (FormText.TryWriteJson(line, json, out string? error))
                {
                    parser.ParseRecord(json.WrittenSpan, record, block.FirstPosition + at, parsed.Batch, parsed.Rejections);
                }
                else
                {
                    Reject(error.Contains("UTF-8", StringComparison.Ordinal) ? RejectionReason.NotUtf8 : RejectionReason.NotReadable, error, line, at);
                }
            }

            at = length < 0 ? bytes.Length : at + length + 1;
        }

        void Reject(RejectionReason reason, string detail, ReadOnlySpan<byte> line, int at) =>
            parsed.Rejections.Add(new Rejection(reason, detail, record, block.FirstPosition + at, line.ToArray()));
    }
}
