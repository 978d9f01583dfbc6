using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace OrleansLake.Cli.Commands;

/// <summary>The library's help, and then examples: what people look for first.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        int code = help.Invoke(parseResult);
        TextWriter writer = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is LakeCommand { Remarks.Count: > 0 } command)
        {
            Write(writer, "Remarks:", command.Remarks);
        }

        if (Examples(parseResult.CommandResult.Command) is { Count: > 0 } examples)
        {
            Write(writer, "Examples:", examples);
        }

        if (parseResult.CommandResult.Command is RootCommand)
        {
            writer.WriteLine("""
                Exit codes:
                  0 done    1 a check failed, or input was rejected or unreadable    2 wrong usage
                  3 the lake is damaged    4 it is in use    5 no such file, no permission, disk full
                  130 interrupted

                """.ReplaceLineEndings("\n"));
        }

        return code;
    }

    private static void Write(TextWriter writer, string title, IReadOnlyList<string> lines)
    {
        writer.WriteLine(title);
        foreach (string line in lines)
        {
            writer.WriteLine($"  {line}");
        }

        writer.WriteLine();
    }

    private static IReadOnlyList<string> Examples(Command command) => command switch
    {
        RootCommand => ["lake demo", "lake ingest events.ndjson.gz --run", "lake report report1 --format csv > report1.csv"],
        LakeCommand one => one.Examples,
        _ => [],
    };
}
