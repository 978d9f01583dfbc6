using System.Text.RegularExpressions;
using OrleansLake.TestSupport;

namespace OrleansLake.Core.Tests;

/// <summary>
/// The folders of a project are layers: none knows one that knows it. By the names of types in the sources, so that a folder is
/// held to it whose files share a namespace with others.
/// </summary>
public partial class FolderLayersTests
{
    private const int LinesMax = 400;

    private static readonly string[] WithOneUsing = ["Client", "Connectors", "Engine", "Grains", "Parquet", "Server"];

    // Before a name these say that it is used as a type; another word before it is the type of a member that it names.
    private static readonly HashSet<string> Keywords =
    [
        "new", "return", "is", "as", "in", "out", "ref", "static", "readonly", "public", "private", "internal", "protected", "sealed", "abstract", "override",
        "virtual", "async", "await", "params", "this", "typeof", "nameof", "case", "when", "throw", "else", "not", "and", "or", "required", "init", "const",
        "partial", "volatile", "yield", "where", "using", "scoped", "unsafe", "lock", "if", "while", "foreach", "for", "default", "with", "switch", "event", "do",
    ];

    public static TheoryData<string> Projects => [.. Directory.EnumerateDirectories(Path.Combine(Fixtures.Root, "src")).Select(path => Path.GetFileName(path)["OrleansLake.".Length..])];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folder_knows_one_that_knows_it(string project)
    {
        (string Folder, string Text)[] files = [.. Sources(Path.Combine(Fixtures.Root, "src", $"OrleansLake.{project}"))];
        Dictionary<string, string> homes = files.SelectMany(file => Declaration().Matches(file.Text).Select(match => (Name: match.Groups[1].Value, file.Folder)))
            .Distinct().GroupBy(type => type.Name).Where(type => type.Count() == 1).ToDictionary(type => type.Key, type => type.Single().Folder);
        Assert.NotEmpty(homes);
        var uses = new Dictionary<string, SortedDictionary<string, string>>();
        foreach ((string folder, string text) in files)
        {
            foreach (string name in TypesIn(text).Where(homes.ContainsKey).Where(name => homes[name] != folder))
            {
                if (!uses.TryGetValue(folder, out SortedDictionary<string, string>? known))
                {
                    uses.Add(folder, known = new SortedDictionary<string, string>(StringComparer.Ordinal));
                }

                known.TryAdd(homes[name], name);
            }
        }

        string? cycle = Cycle(uses);
        Assert.True(cycle is null, cycle);
    }

    // Two exceptions: what extends the builders of Orleans and .NET is in the namespaces of those, and the public types of packages that
    // applications write against are in the package's own, so that one using is enough.
    [Theory]
    [MemberData(nameof(Projects))]
    public void The_namespace_of_a_file_is_its_folder(string project)
    {
        string root = Path.Combine(Fixtures.Root, "src");
        string[] elsewhere =
        [
            .. from path in Directory.EnumerateFiles(Path.Combine(root, $"OrleansLake.{project}"), "*.cs", SearchOption.AllDirectories)
               where IsSource(path)
               let text = File.ReadAllText(path)
               let stated = Namespace().Match(text).Groups[1].Value
               where stated.StartsWith("OrleansLake", StringComparison.Ordinal)
                   && stated != Path.GetRelativePath(root, Path.GetDirectoryName(path)!).Replace(Path.DirectorySeparatorChar, '.')
                   && !(WithOneUsing.Contains(project) && stated == $"OrleansLake.{project}" && Public().IsMatch(text))
               select $"{Path.GetRelativePath(root, path)} is in {stated}",
        ];
        Assert.Empty(elsewhere);
    }

    [Fact]
    public void No_file_is_longer_than_four_hundred_lines()
    {
        string[] tooLong =
        [
            .. Directory.EnumerateFiles(Path.Combine(Fixtures.Root, "src"), "*.cs", SearchOption.AllDirectories).Where(IsSource)
                .Where(path => File.ReadLines(path).Count() > LinesMax).Select(path => Path.GetRelativePath(Fixtures.Root, path)),
        ];
        Assert.Empty(tooLong);
    }

    private static IEnumerable<(string Folder, string Text)> Sources(string project) =>
        from path in Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories)
        where IsSource(path)
        let relative = Path.GetRelativePath(project, path)
        select (Path.GetDirectoryName(relative)!.Split(Path.DirectorySeparatorChar)[0], Members().Replace(NotCode().Replace(File.ReadAllText(path), " "), "$1;"));

    private static bool IsSource(string path) => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal);

    private static IEnumerable<string> TypesIn(string text)
    {
        HashSet<string> constants = [.. Constant().Matches(text).Select(match => match.Groups[1].Value)];
        string[] tokens = [.. Token().Matches(text).Select(match => match.Value)];
        for (int i = 1; i < tokens.Length - 2; i++)
        {
            (string before, string after) = (tokens[i - 1], tokens[i + 1]);
            bool isMember = before == "." || after == ":" || (after == "=" && tokens[i + 2] != "=") || (IsWord(before) && !Keywords.Contains(before))
                || (before is ">" or "?" or "]" && (after is "{" or ";" || (after == "=" && tokens[i + 2] == ">")));
            if (char.IsUpper(tokens[i][0]) && !isMember && !constants.Contains(tokens[i]))
            {
                yield return tokens[i];
            }
        }
    }

    private static bool IsWord(string token) => char.IsLetter(token[0]) || token[0] == '_';

    // The way from a folder back to it, with a type for each step.
    private static string? Cycle(Dictionary<string, SortedDictionary<string, string>> uses)
    {
        foreach (string start in uses.Keys.Order(StringComparer.Ordinal))
        {
            var ways = new Dictionary<string, string> { [start] = Shown(start) };
            var next = new Queue<string>([start]);
            while (next.TryDequeue(out string? folder))
            {
                foreach ((string to, string type) in uses.GetValueOrDefault(folder) ?? [])
                {
                    string way = $"{ways[folder]} uses {type} of {Shown(to)}";
                    if (to == start)
                    {
                        return way;
                    }

                    if (ways.TryAdd(to, way))
                    {
                        next.Enqueue(to);
                    }
                }
            }
        }

        return null;
    }

    private static string Shown(string folder) => folder.Length == 0 ? "(root)" : folder;

    [GeneratedRegex(@"^(?:public |internal |sealed |static |abstract |partial |readonly |ref |unsafe )*(?:class|record struct|record|struct|interface|enum) ([A-Z]\w*)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex("^namespace ([^;]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex("^public ", RegexOptions.Multiline)]
    private static partial Regex Public();

    // Comments and texts.
    [GeneratedRegex("""
        //[^\n]*|"{3}.*?"{3}|\$*"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\])'
        """, RegexOptions.Singleline)]
    private static partial Regex NotCode();

    // An enum's, which are called like types at times.
    [GeneratedRegex(@"(\benum \w+)[^{;]*\{[^}]*\}")]
    private static partial Regex Members();

    [GeneratedRegex(@"\bconst \w+ (\w+)")]
    private static partial Regex Constant();

    [GeneratedRegex(@"[A-Za-z_]\w*|[^\sA-Za-z_]")]
    private static partial Regex Token();
}
