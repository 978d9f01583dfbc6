using System.IO.Compression;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using OrleansLake.TestSupport;

namespace OrleansLake.Packages.Tests;

/// <summary>
/// The libraries as packages, in a feed of a scratch folder outside the repository; and applications beside it, which get them from
/// there and all else from where this machine gets it.
/// </summary>
public sealed partial class Feed : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public Feed()
    {
        _scratch.Write("pack.proj", $"""
            <Project>
              <ItemGroup>
                <Library Include="{string.Join(';', Libraries.Select(library => Path.Combine(FolderOf(library), $"{library}.csproj")))}" />
              </ItemGroup>
              <Target Name="Pack">
                <MSBuild Projects="@(Library)" Targets="Pack" BuildInParallel="true" Properties="Configuration={MetadataOf("Configuration")};NoBuild=true;PackageOutputPath={_scratch["feed"]}" />
              </Target>
            </Project>
            """);
        Said = DotnetCommand.Run(_scratch.Path, "msbuild", "pack.proj", "-t:Pack", "-m:2", "-nodeReuse:false", "-v:n", "-nologo", "-consoleLoggerParameters:NoSummary");

        // What the machine has is not fetched again; a package of the same name and version in it would be taken for the one that is tested.
        string restored = DotnetCommand.Run(_scratch.Path, "nuget", "locals", "global-packages", "--list").Split(':', 2)[1].Trim();
        bool isUsable = Directory.Exists(restored) && !Directory.EnumerateDirectories(restored, "orleanslake.*").Any();
        _scratch.Write("nuget.config", $"""
            <configuration>
              <config>
                <add key="globalPackagesFolder" value="{_scratch["packages"]}" />
              </config>
              <fallbackPackageFolders>
                {(isUsable ? $"<add key=\"restored\" value=\"{restored}\" />" : "")}
              </fallbackPackageFolders>
              <packageSources>
                <add key="orleanslake" value="{_scratch["feed"]}" />
              </packageSources>
            </configuration>
            """);
        _scratch.Write("Directory.Build.props", $"""
            <Project>
              <PropertyGroup>
                <OrleansLakeVersion>{Version}</OrleansLakeVersion>
                <NuGetAudit>false</NuGetAudit>
                <UseSharedCompilation>false</UseSharedCompilation>
              </PropertyGroup>
            </Project>
            """);
        _scratch.Write("Directory.Build.targets", "<Project />");
        _scratch.Write("Directory.Packages.props", "<Project />");
    }

    /// <summary>Every library of the repository.</summary>
    public static IReadOnlyList<string> Libraries { get; } =
    [
        .. Directory.EnumerateDirectories(Path.Combine(Fixtures.Root, "src")).Select(folder => Path.GetFileName(folder))
            .Where(name => name is not ("OrleansLake.Cli" or "OrleansLake.Hosting" or "OrleansLake.Silo") && File.Exists(Path.Combine(FolderOf(name), $"{name}.csproj"))).Order(StringComparer.Ordinal),
    ];

    /// <summary>The version that the packages have.</summary>
    public static string Version { get; } = MetadataOf("PackageVersion");

    // That of its abstractions, which the packages bring.
    private static string HostingVersion { get; } = XDocument.Load(Path.Combine(Fixtures.Root, "Directory.Packages.props")).Descendants("PackageVersion")
        .Single(one => one.Attribute("Include")!.Value == "Microsoft.Extensions.Hosting.Abstractions").Attribute("Version")!.Value;

    /// <summary>The output of packing them.</summary>
    public string Said { get; }

    /// <summary>Returns the place where a library's sources are.</summary>
    public static string FolderOf(string library) => Path.Combine(Fixtures.Root, "src", library);

    /// <summary>A package.</summary>
    public ZipArchive Open(string library) => ZipFile.OpenRead(_scratch[$"feed/{library}.{Version}.nupkg"]);

    /// <summary>A package's symbols.</summary>
    public ZipArchive OpenSymbols(string library) => ZipFile.OpenRead(_scratch[$"feed/{library}.{Version}.snupkg"]);

    /// <summary>Returns what a package says of itself.</summary>
    public XElement MetadataIn(string library)
    {
        using ZipArchive package = Open(library);
        using Stream nuspec = package.GetEntry($"{library}.nuspec")!.Open();
        return WithoutNamespaces(XDocument.Load(nuspec).Root!).Element("metadata")!;
    }

    /// <summary>Writes a file of an application.</summary>
    public void Write(string path, string text) => _scratch.Write(path, text);

    /// <summary>Writes the project of an application, which is a library if it is of examples.</summary>
    public void WriteProject(string path, string sdk, params IReadOnlyList<string> packages) => Write(path, $"""
        <Project Sdk="{sdk}">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <OutputType>{(path.StartsWith("examples/", StringComparison.Ordinal) ? "Library" : "Exe")}</OutputType>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <NoWarn>ASP0000;CS1998</NoWarn>
          </PropertyGroup>
          <ItemGroup>
            {string.Concat(packages.Select(package => $"<PackageReference Include=\"{package}\" Version=\"{(package.StartsWith("OrleansLake", StringComparison.Ordinal) ? "$(OrleansLakeVersion)" : HostingVersion)}\" />"))}
          </ItemGroup>
        </Project>
        """);

    /// <summary>The path of something beside the feed.</summary>
    public string this[string relative] => _scratch[relative];

    /// <summary>Restores and builds an application.</summary>
    public void Build(string project) => DotnetCommand.Run(_scratch.Path, "build", project, "-o", _scratch[Path.Combine(Path.GetDirectoryName(project)!, "out")], "-nodeReuse:false", "-v:q", "-nologo");

    /// <summary>The examples in a library's README.</summary>
    public static IReadOnlyList<string> ExamplesOf(string library) =>
        [.. Example().Matches(File.ReadAllText(Path.Combine(FolderOf(library), "README.md"))).Select(match => match.Groups[1].Value)];

    public void Dispose() => _scratch.Dispose();

    private static string MetadataOf(string key) => typeof(Feed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == key).Value!;

    private static XElement WithoutNamespaces(XElement element) =>
        new(element.Name.LocalName, element.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration), element.HasElements ? element.Elements().Select(WithoutNamespaces) : element.Value);

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
