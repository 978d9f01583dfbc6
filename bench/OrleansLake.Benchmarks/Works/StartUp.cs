using System.Diagnostics;
using System.Runtime.InteropServices;
using OrleansLake.Benchmarks.Comparing;
using OrleansLake.TestSupport;

namespace OrleansLake.Benchmarks.Works;

/// <summary>Measures how long commands take that do little.</summary>
internal sealed class StartUp : Work
{
    private const int UsualRounds = 10;

    public override string Name => "start-up";

    public override string About =>
        """
        Whole processes of the built `lake` (the executable beside this program, as `dotnet build -c Release` makes it), from
        their start to their end, the first run left out. The report is asked for as CSV.
        """;

    public override ProcessStartInfo Profiled(CompareOptions options, BenchData data) => Command(Report(data.Lake(options.Messages)));

    public override bool IsProfiledAsStarted => true;

    public override WorkResult Measure(CompareOptions options, BenchData data)
    {
        string lake = data.Lake(options.Messages);
        ResultRow help = Row("`lake --help`", options, "--help");
        ResultRow report = Row("`lake report report1`", options, Report(lake));
        return new WorkResult(
            [help, report],
            [
                Goal.AtMost(Name, "`lake --help`", help.MedianSeconds, 0.15, "F3", " s"),
                Goal.AtMost(Name, $"`lake report report1`", report.MedianSeconds, 0.3, "F3", " s"),
            ]);
    }

    private static string[] Report(string lake) => ["report", "report1", "--format", "csv", "--lake", lake];

    private ResultRow Row(string name, CompareOptions options, params string[] arguments)
    {
        Measurement[] rounds = [.. Enumerable.Range(0, 1 + (options.Rounds ?? UsualRounds)).Select(_ => MeasuredProcess.Run(Command(arguments), out string _)).Skip(1)];
        var row = ResultRow.Of(Name, name, rounds, rounds);
        Say($"{name} {row.MedianSeconds:F3} s");
        return row;
    }

    private static ProcessStartInfo Command(string[] arguments)
    {
        string executable = Path.ChangeExtension(BuiltProgram.Lake, OperatingSystem.IsWindows() ? ".exe" : null);
        if (!File.Exists(executable))
        {
            return new ProcessStartInfo(LakeProcess.DotnetPath, [BuiltProgram.Lake, .. arguments]);
        }

        // Where .NET lies in no usual place, the executable finds it by this, as a shell's profile would.
        var start = new ProcessStartInfo(executable, arguments);
        start.Environment.TryAdd("DOTNET_ROOT", Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")));
        return start;
    }
}
