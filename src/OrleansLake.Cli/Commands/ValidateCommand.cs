using System.CommandLine;
using System.Runtime.CompilerServices;
using OrleansLake.Cli.Hosting;
using OrleansLake.Cli.Output;
using OrleansLake.Engine;
using OrleansLake.Server;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake validate</c>: whether <c>lake serve</c> could be started with the same options.</summary>
internal sealed class ValidateCommand : LakeCommand
{
    private readonly ServeOptions _options;

    public ValidateCommand(Terminal terminal)
        : base("validate", "Check the settings of lake serve, and the lake, without starting it.", terminal) => _options = new ServeOptions(this);

    public override IReadOnlyList<string> Remarks =>
    [
        "Takes the options and the environment of lake serve. Writes nothing, takes no lock, and listens for",
        "a moment only, at free ports. Every fault that it finds is a line on stderr; it ends with the exit",
        "code of the first. Options that cannot be read are all told before anything else is looked at.",
    ];

    public override IReadOnlyList<string> Examples => ["lake validate --urls http://0.0.0.0:5080 --keys keys.txt"];

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        foreach (string line in _options.UnreadOf(parsed))
        {
            Terminal.Error.WriteLine($"lake: {DisplayWidth.Printable(line)}");
        }

        // The environment may say more of the lake than the command line does.
        LakeOptions? lake = null;
        bool isThere = false;
        int code = First(Try(() => lake = CheckServer(parsed)), Try(() => isThere = Lake.Check(lake ??= _options.LakeOf(parsed))));
        if (code == ExitCode.Done)
        {
            Terminal.Out.WriteLine(isThere ? $"The settings are valid, and so is the lake in {DisplayWidth.Printable(lake!.Path)}."
                : $"The settings are valid. There is no lake in {DisplayWidth.Printable(lake!.Path)} yet: lake serve would make one.");
        }

        return Task.FromResult(code);

        int Try(Action check)
        {
            try
            {
                check();
                return ExitCode.Done;
            }
#pragma warning disable CA1031 // Whatever it is: it is said, and the other checks go on.
            catch (Exception e)
#pragma warning restore CA1031
            {
                return Failures.Report(e, Terminal, parsed.GetValue(GlobalOptions.Verbose), interrupted: false);
            }
        }
    }

    // Apart, so that no other command loads the web server.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private LakeOptions CheckServer(ParseResult parsed) => LakeWebServer.Check(_options.SettingsOf(parsed)).ToLakeOptions();

    private static int First(params ReadOnlySpan<int> codes)
    {
        foreach (int code in codes)
        {
            if (code != ExitCode.Done)
            {
                return code;
            }
        }

        return ExitCode.Done;
    }
}
