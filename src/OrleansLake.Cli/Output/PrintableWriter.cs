using System.Text;

namespace OrleansLake.Cli.Output;

/// <summary>
/// Text for a terminal without control characters but line ends: names of files and what a message holds must not
/// move its cursor or change its colours.
/// </summary>
/// <param name="writer">The terminal; it stays open.</param>
internal sealed class PrintableWriter(TextWriter writer) : TextWriter(writer.FormatProvider)
{
    public override Encoding Encoding => writer.Encoding;

    public override void Write(char value) => Write([value]);

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(ReadOnlySpan<char> buffer) => writer.Write(Printable(buffer));

    public override void WriteLine(string? value) => writer.WriteLine(Printable(value));

    public override void WriteLine(ReadOnlySpan<char> buffer) => writer.WriteLine(Printable(buffer));

    public override void Flush() => writer.Flush();

    private static string Printable(ReadOnlySpan<char> text) =>
        string.Join('\n', text.ToString().Split('\n').Select(static line => DisplayWidth.Printable(line.TrimEnd('\r'))));
}
