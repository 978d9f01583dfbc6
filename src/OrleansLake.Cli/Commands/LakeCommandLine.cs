using System.CommandLine;
using System.CommandLine.Help;
using OrleansLake.Cli.Output;

namespace OrleansLake.Cli.Commands;

/// <summary>The command tree of <c>lake</c>.</summary>
internal static class LakeCommandLine
{
    public static RootCommand Build(Terminal terminal)
    {
        RootCommand root = new("A streaming lakehouse for message events: messages in, clean Parquet and two exact reports out.")
        {
            GlobalOptions.Lake,
            GlobalOptions.Verbose,
            new DemoCommand(terminal),
            new ProduceCommand(terminal),
            new IngestCommand(terminal),
            new RunCommand(terminal),
            new ServeCommand(terminal),
            new ValidateCommand(terminal),
            new HealthCommand(terminal),
            new TopCommand(terminal),
            new KeyCommand(terminal),
            new EmbedKeyCommand(terminal),
            new ReportCommand(terminal),
            new CheckCommand(terminal),
            new ReplayCommand(terminal),
            new RepartitionCommand(terminal),
            new MessageCommand(terminal),
            new InspectCommand(terminal),
            new MappingCommand(terminal),
            new ColumnCommand(terminal),
            new SourceCommand(terminal),
            new SinkCommand(terminal),
            new BronzeCommand(terminal),
            new QuarantineCommand(terminal),
            new CompletionCommand(terminal),
        };
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        VersionOption version = root.Options.OfType<VersionOption>().Single();
        version.Action = new VersionText();
        return root;
    }
}
