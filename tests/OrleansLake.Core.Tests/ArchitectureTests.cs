using System.Text.RegularExpressions;
using OrleansLake.TestSupport;

namespace OrleansLake.Core.Tests;

/// <summary>Tests what docs/architecture.md names is there: a newcomer goes by it.</summary>
public partial class ArchitectureTests
{
    [Fact]
    public async Task Every_file_and_folder_that_the_architecture_names_is_there()
    {
        string text = await File.ReadAllTextAsync(Path.Combine(Fixtures.Root, "docs", "architecture.md"));
        string[] sources =
        [
            .. new[] { "src", "tests" }.SelectMany(folder => Directory.EnumerateFileSystemEntries(Path.Combine(Fixtures.Root, folder), "*", SearchOption.AllDirectories))
                .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/node_modules/", StringComparison.Ordinal)),
        ];
        string[] names = [.. Name().Matches(text).Select(match => match.Groups[1].Value).Distinct()];
        Assert.True(names.Length > 50);
        Assert.All(names, name => Assert.True(Array.Exists(sources, path => IsCalled(path, name)), $"nothing is called {name}"));
    }

    private static bool IsCalled(string path, string name) => new[] { $"/{name}", $"/{name}.cs", $"OrleansLake.{name}", $"OrleansLake.{name}.cs" }.Any(end => path.EndsWith(end, StringComparison.Ordinal));

    // In code: a type, or a folder and a type.
    [GeneratedRegex("`([A-Z][A-Za-z.]+(?:/[A-Za-z.]+)*)`")]
    private static partial Regex Name();
}
