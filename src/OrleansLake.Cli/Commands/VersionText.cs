using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake --version</c>.</summary>
internal sealed class VersionText : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        string version = typeof(VersionText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        parseResult.InvocationConfiguration.Output.WriteLine($"lake {version.Split('+')[0]}");
        return 0;
    }
}
