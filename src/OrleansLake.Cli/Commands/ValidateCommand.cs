using System.CommandLine;
using System.Runtime.CompilerServices;
using OrleansLake.Cli.Hosting;
using OrleansLake.Cli.Output;
using OrleansLake.Engine;
using OrleansLake.Server;
using OrleansLake.Server.Hosting;
using OrleansLake.Server.Settings;

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
        "a moment only, at free ports. Every fault that it finds is a line on stderr, and it ends with the",
        "exit code of the first. Where an option cannot be read, the others are looked at all the same.",
        "That the lake is in use by another process or by silos, or a port by another program, is reported and not",
        "a fault (exit code 0): lake serve starts when that has ended.",
    ];

    public override IReadOnlyList<string> Examples => ["lake validate --urls http://0.0.0.0:5080 --keys keys.txt"];

    // A file of keys or of countries may be a pipe: opening it waits for its writer.
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        Task.Run(() => Validate(parsed), CancellationToken.None).WaitAsync(cancellationToken);

    private int Validate(ParseResult parsed)
    {
        foreach (string line in _options.UnreadOf(parsed))
        {
            Terminal.Error.WriteLine($"lake: {DisplayWidth.Printable(line)}");
        }

        int code = ExitCode.Done;
        LakeOptions? lake = null;
        bool isThere = false;
        bool areKeysRead = CheckKeys(parsed, ref code);
        if (!areKeysRead)
        {
            Try(parsed, ref code, () => WebListening.CheckUrls(_options.AddressesOf(parsed)));
        }

        // The environment may say more of the lake than the command line does.
        Try(parsed, ref code, () => lake = CheckServer(areKeysRead ? _options.SettingsOf(parsed) : _options.SettingsWithoutKeysOf(parsed)));
        Try(parsed, ref code, () => isThere = Lake.Check(lake ??= _options.LakeOf(parsed)));
        if (code == ExitCode.Done)
        {
            Try(parsed, ref code, () => TellUse(lake!));
            Try(parsed, ref code, () => ReportPortsInUse(_options.AddressesOf(parsed)));
        }

        if (code == ExitCode.Done)
        {
            Terminal.Out.WriteLine(isThere ? $"The settings are valid, and so is the lake in {DisplayWidth.Printable(lake!.Path)}."
                : $"The settings are valid. There is no lake in {DisplayWidth.Printable(lake!.Path)} yet: lake serve would make one.");
        }

        return code;
    }

    /// <summary>Checks all but the options that cannot be read, which are reported by those who read them.</summary>
    public void CheckRest(ParseResult parsed)
    {
        int code = ExitCode.Usage;
        LakeOptions? lake = null;
        CheckKeys(parsed, ref code);
        Try(parsed, ref code, () => WebListening.CheckUrls(_options.AddressesOf(parsed)));
        Try(parsed, ref code, () => lake = CheckServer(ServeOptions.EnvironmentOf(parsed)));
        Try(parsed, ref code, () => Lake.Check(_options.ReadableLakeOf(parsed, lake)));
    }

    private void TellUse(LakeOptions lake)
    {
        if (Lake.FindUse(lake) is { } inUse)
        {
            Terminal.Error.WriteLine(DisplayWidth.Printable(
                $"lake: {inUse.Message}{(inUse.IsOfSilos ? "" : "; lake serve starts when that has ended")}."));
        }
    }

    // Apart, so that no other command loads the web server.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReportPortsInUse(ServeSettings settings)
    {
        foreach (string inUse in WebListening.FindPortsInUse(settings))
        {
            Terminal.Error.WriteLine(DisplayWidth.Printable($"lake: {inUse} Or end that first: lake serve does not start beside it."));
        }
    }

    private bool CheckKeys(ParseResult parsed, ref int code) =>
        Try(parsed, ref code, () => _options.KeysOf(parsed)) & Try(parsed, ref code, () => _options.EmbedKeysOf(parsed));

    private bool Try(ParseResult parsed, ref int code, Action check)
    {
        try
        {
            check();
            return true;
        }
        catch (InvalidOperationException) when (parsed.Errors.Count > 0)
        {
            // An option that cannot be read.
            return false;
        }
#pragma warning disable CA1031 // Whatever it is: it is reported, and the other checks continue.
        catch (Exception e)
#pragma warning restore CA1031
        {
            foreach (Exception one in (e as AggregateException)?.InnerExceptions ?? (IEnumerable<Exception>)[e])
            {
                int its = Failures.Report(one, Terminal, parsed.GetValue(GlobalOptions.Verbose), interrupted: false);
                code = code == ExitCode.Done ? its : code;
            }

            return false;
        }
    }

    // Apart, so that no other command loads the web server.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static LakeOptions CheckServer(ServeSettings settings) => LakeWebServer.Check(settings).ToLakeOptions();
}
