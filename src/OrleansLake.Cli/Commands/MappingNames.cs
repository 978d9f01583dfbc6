using System.CommandLine;
using OrleansLake.Cli.Hosting;
using OrleansLake.Core.Mapping;
using OrleansLake.Engine;
using OrleansLake.Engine.Mappings;

namespace OrleansLake.Cli.Commands;

/// <summary>The arguments that name a mapping.</summary>
internal static class MappingNames
{
    /// <summary>Creates the arguments <c>[NAME] FILE</c>, of which one may be left out.</summary>
    public static Argument<string[]> NameAndFile(string file) => new("NAME FILE")
    {
        Description = $"The mapping's name ({MessageMapping.DefaultName} if left out), and {file}",
        Arity = new ArgumentArity(1, 2),
    };

    /// <summary>Creates the argument <c>NAME</c>.</summary>
    public static Argument<string> Name() => new("NAME")
    {
        Description = $"The mapping's name ({MessageMapping.DefaultName} if left out)",
        DefaultValueFactory = static _ => MessageMapping.DefaultName,
    };

    /// <summary>Returns the two parts of <c>[NAME] FILE</c>.</summary>
    public static (string Name, string File) Split(string[] given) => given.Length == 2 ? (given[0], given[1]) : (MessageMapping.DefaultName, given[0]);

    /// <summary>Returns a name that a mapping can have.</summary>
    /// <exception cref="UsageException">It cannot.</exception>
    public static string Checked(string name) => LakeMappings.FaultOfName(name) is { } fault ? throw new UsageException(fault) : name;

    /// <summary>Returns a mapping of a lake.</summary>
    /// <exception cref="LakeException">It has none of that name.</exception>
    public static MessageMapping Find(LakeMappings mappings, string name) =>
        mappings.TryFind(name, out MessageMapping mapping) ? mapping : throw Missing(name, mappings.Describe());

    /// <summary>Returns the failure of a command whose lake has no mapping of a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="has">What the lake has, as <see cref="LakeMappings.Describe()"/> says it.</param>
    public static LakeException Missing(string name, string has) => new(LakeFailure.Failed, $"There is no mapping {name}; {has}. `lake mapping set {name} FILE` keeps one.");

    /// <summary>Returns a mapping of a lake, or the one in a file; the lake's names go before files.</summary>
    /// <exception cref="LakeException">There is neither, or the file is not a mapping.</exception>
    public static async Task<MessageMapping> FindAsync(LakeMappings mappings, string given, string path, CancellationToken cancellationToken) =>
        MessageMapping.IsName(given) && (mappings.TryFind(given, out _) || !Path.Exists(given)) ? Find(mappings, given)
            : await MappingFile.ReadAsync(given, path, cancellationToken).ConfigureAwait(false);
}
