using System.Text;
using OrleansLake.Engine;
using OrleansLake.Storage;

namespace OrleansLake.Cli.Output;

/// <summary>
/// The terminal, pipes or files that the process is attached to: results go to <see cref="Output"/>, everything else to <see cref="Error"/>, and
/// only a terminal gets animation, colour and tables drawn with lines.
/// </summary>
internal sealed class Terminal : IDisposable
{
    private const int PlainWidth = 80;
    private const int PlainHeight = 24;
    private const int ErrorDescriptor = 2;
    private readonly StandardOutput _output = new();

    private Terminal()
    {
        Out = new StreamWriter(_output, new UTF8Encoding(false), 16 * 1024, leaveOpen: true) { NewLine = "\n" };
        Drawing = TextWriter.Synchronized(new StreamWriter(new StandardError(), new UTF8Encoding(false), 1024, leaveOpen: true) { AutoFlush = true, NewLine = "\n" });
        Error = new PrintableWriter(Drawing);
    }

    /// <summary>Gets the output for results, as bytes. Flush <see cref="Out"/> before it is written to.</summary>
    public StandardOutput Output => _output;

    /// <summary>Gets the writer for results, as text; flushed at the end of the command.</summary>
    public TextWriter Out { get; }

    /// <summary>Gets the writer for messages to people, without what a terminal would obey.</summary>
    public TextWriter Error { get; }

    /// <summary>Gets the writer behind <see cref="Error"/>, for what moves the cursor and has colours.</summary>
    public TextWriter Drawing { get; }

    /// <summary>Gets a value indicating whether results go to a terminal.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>Gets a value indicating whether messages go to a terminal that can redraw a line.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Gets a value indicating whether a question can be asked.</summary>
    public bool IsInputTerminal { get; init; }

    /// <summary>Gets a value indicating whether colour is welcome (https://no-color.org).</summary>
    public bool HasColor { get; init; }

    /// <summary>Gets the width in characters.</summary>
    public int Width => IsOutputTerminal || IsErrorTerminal ? WindowWidth() : PlainWidth;

    /// <summary>Gets the height in lines.</summary>
    public int Height => IsOutputTerminal || IsErrorTerminal ? WindowHeight() : PlainHeight;

    /// <summary>Returns the terminal of this process.</summary>
    public static Terminal OfProcess()
    {
        if (!InheritedDescriptor.IsOpen(ErrorDescriptor))
        {
            // Where the number is a pipe of the runtime, the log of a server must not reach it.
            Console.SetError(TextWriter.Null);
        }

        bool isDumb = Environment.GetEnvironmentVariable("TERM") == "dumb";
        return new Terminal
        {
            IsOutputTerminal = !Console.IsOutputRedirected && !isDumb,
            IsErrorTerminal = !Console.IsErrorRedirected && !isDumb,
            IsInputTerminal = !Console.IsInputRedirected,
            HasColor = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
        };
    }

    /// <summary>Undoes a hidden cursor, for a process that ends in the middle of a drawing.</summary>
    public static void ShowCursor()
    {
        if (!Console.IsErrorRedirected)
        {
            using var error = new StandardError();
            error.Write("\e[?25h"u8);
        }
    }

    /// <summary>Shows a new key, of which nothing else keeps what is shown.</summary>
    /// <param name="key">What is shown.</param>
    /// <param name="path">The file that it is added to.</param>
    /// <exception cref="LakeException">Nobody can see it.</exception>
    public void Show(string key, string path)
    {
        string? why = null;
        try
        {
            Out.WriteLine(key);
            Out.Flush();
            why = _output.IsClosed ? "standard output is closed" : null;
        }
        catch (IOException failure)
        {
            why = failure.Message.TrimEnd('.');
        }

        if (why is not null)
        {
            throw new LakeException(LakeFailure.Environment, $"The new key could not be shown ({why}), so it was not added to {path}. Give the command again where its output can be read.");
        }
    }

    /// <summary>Writes out what is buffered; a failure to do so turns a good exit code into the failure's.</summary>
    public int Finish(int code)
    {
        try
        {
            Out.Flush();
            return code;
        }
        catch (IOException failure)
        {
            Error.WriteLine($"lake: cannot write the result: {failure.Message}");
            return code == ExitCode.Done ? ExitCode.Environment : code;
        }
    }

    public void Dispose() => _output.Dispose();

    private static int WindowHeight()
    {
        try
        {
            return Console.WindowHeight > 0 ? Console.WindowHeight : PlainHeight;
        }
        catch (IOException)
        {
            return PlainHeight;
        }
    }

    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth > 0 ? Console.WindowWidth : PlainWidth;
        }
        catch (IOException)
        {
            return PlainWidth;
        }
    }
}
