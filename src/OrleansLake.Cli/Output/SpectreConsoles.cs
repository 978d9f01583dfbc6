using Spectre.Console;

namespace OrleansLake.Cli.Output;

/// <summary>Consoles for drawing, made from what <see cref="Terminal"/> knows.</summary>
internal static class SpectreConsoles
{
    public static IAnsiConsole Create(Terminal terminal, TextWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = terminal.HasColor ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = terminal.Width;
        console.Profile.Height = terminal.Height;
        return console;
    }
}
