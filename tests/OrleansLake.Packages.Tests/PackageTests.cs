using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using OrleansLake.TestSupport;

namespace OrleansLake.Packages.Tests;

/// <summary>The libraries as somebody has them who knows the packages alone.</summary>
public partial class PackageTests(Feed feed) : IClassFixture<Feed>
{
    public static TheoryData<string> Libraries => [.. Feed.Libraries];

    [Fact]
    public void Packing_warns_of_nothing()
    {
        Assert.DoesNotContain("warning ", feed.Said, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("is missing a readme", feed.Said, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_package_says_what_it_is_for_and_under_which_licence(string library)
    {
        XElement metadata = feed.MetadataIn(library);
        Assert.Equal(library, metadata.Element("id")!.Value);
        Assert.Equal("MIT", metadata.Element("license")!.Value);
        Assert.Equal("expression", metadata.Element("license")!.Attribute("type")!.Value);
        Assert.Equal("OrleansLake contributors", metadata.Element("authors")!.Value);
        Assert.Contains("lakehouse", metadata.Element("tags")!.Value, StringComparison.Ordinal);
        Assert.InRange(metadata.Element("description")!.Value.Length, 40, 400);
        Assert.EndsWith(".", metadata.Element("description")!.Value, StringComparison.Ordinal);
        Assert.Equal("README.md", metadata.Element("readme")!.Value);
        Assert.Single(Feed.Libraries, other => feed.MetadataIn(other).Element("description")!.Value == metadata.Element("description")!.Value);
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_package_holds_its_readme_its_documentation_and_its_symbols(string library)
    {
        using ZipArchive package = feed.Open(library);
        string[] files = [.. package.Entries.Select(entry => entry.FullName)];
        Assert.Contains("README.md", files);
        Assert.Contains($"lib/net10.0/{library}.dll", files);
        Assert.Contains($"lib/net10.0/{library}.xml", files);
        Assert.Single(files, file => file.EndsWith(".dll", StringComparison.Ordinal));
        using ZipArchive symbols = feed.OpenSymbols(library);
        Assert.Contains(symbols.Entries, entry => entry.FullName == $"lib/net10.0/{library}.pdb");

        using var readme = new StreamReader(package.GetEntry("README.md")!.Open());
        string text = readme.ReadToEnd();
        Assert.StartsWith($"# {library}\n", text, StringComparison.Ordinal);
        Assert.All(DocumentInText().Matches(text), match => Assert.True(Path.Exists(Path.Combine(Fixtures.Root, match.Value)), $"{library} names {match.Value}, which is not there"));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Newer_dependencies_are_welcome(string library)
    {
        // "1.2.3" is a minimum, "[1.2.3]" and "[1.2.3, 2.0.0)" are not.
        string[] versions = [.. feed.MetadataIn(library).Descendants("dependency").Select(dependency => dependency.Attribute("version")!.Value)];
        Assert.All(versions, version => Assert.Matches(@"^\d+\.\d+\.\d+$", version));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void What_only_the_build_needs_is_not_a_dependency(string library) => Assert.DoesNotContain(
        feed.MetadataIn(library).Descendants("dependency").Select(dependency => dependency.Attribute("id")!.Value), id => id is "Microsoft.CodeAnalysis.PublicApiAnalyzers" or "Microsoft.NET.ILLink.Tasks");

    [Theory]
    [InlineData("OrleansLake.Core")]
    [InlineData("OrleansLake.Parquet")]
    [InlineData("OrleansLake.Storage")]
    [InlineData("OrleansLake.Engine")]
    [InlineData("OrleansLake.Client")]
    public void An_application_that_is_trimmed_or_compiled_ahead_of_time_may_have_it(string library)
    {
        using ZipArchive package = feed.Open(library);
        using var assembly = new MemoryStream();
        using (Stream stored = package.GetEntry($"lib/net10.0/{library}.dll")!.Open())
        {
            stored.CopyTo(assembly);
        }

        // The analyzers that run with these marks are part of the build, which takes warnings for errors.
        assembly.Position = 0;
        using var reader = new PEReader(assembly);
        MetadataReader metadata = reader.GetMetadataReader();
        string[] marks =
        [
            .. metadata.GetAssemblyDefinition().GetCustomAttributes().Select(handle => metadata.GetBlobReader(metadata.GetCustomAttribute(handle).Value))
                .Select(blob => Encoding.UTF8.GetString(blob.ReadBytes(blob.Length))),
        ];
        Assert.Contains(marks, mark => mark.Contains("IsTrimmable", StringComparison.Ordinal));
        Assert.Contains(marks, mark => mark.Contains("IsAotCompatible", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Only_the_packages_that_are_for_it_bring_a_broker_or_an_exporter_with_them(string library)
    {
        string[] foreign = [.. feed.MetadataIn(library).Descendants("dependency").Select(dependency => dependency.Attribute("id")!.Value)
            .Where(id => id.StartsWith("Confluent", StringComparison.Ordinal) || id.StartsWith("Npgsql", StringComparison.Ordinal) || id.StartsWith("RabbitMQ", StringComparison.Ordinal) || id.StartsWith("OpenTelemetry", StringComparison.Ordinal) || id.StartsWith("Azure", StringComparison.Ordinal) || id.StartsWith("Microsoft.Orleans", StringComparison.Ordinal))];
        Assert.All(foreign, id => Assert.True(
            id switch
            {
                "Confluent.Kafka" => library is "OrleansLake.Sources.Kafka" or "OrleansLake.Sinks.Kafka",
                "Npgsql" => library == "OrleansLake.Sinks.PostgreSql",
                "RabbitMQ.Client" => library == "OrleansLake.Sources.RabbitMq",
                "Azure.Storage.Blobs" => library == "OrleansLake.Storage.Azure",
                _ => id.StartsWith("Microsoft.Orleans", StringComparison.Ordinal) && library is "OrleansLake.Grains" or "OrleansLake.Client.Orleans" or "OrleansLake.Connectors",
            },
            $"{library} brings {id}"));
        Assert.Equal(library is "OrleansLake.Sources.Kafka" or "OrleansLake.Sources.RabbitMq" or "OrleansLake.Sinks.Kafka" or "OrleansLake.Sinks.PostgreSql" or "OrleansLake.Storage.Azure" or "OrleansLake.Grains" or "OrleansLake.Client.Orleans" or "OrleansLake.Connectors", foreign.Length > 0);
    }

    [Fact]
    public void An_application_with_the_packages_alone_sends_and_reads()
    {
        feed.Write("application/Program.cs", File.ReadAllText(Path.Combine(Fixtures.Root, "tests", "OrleansLake.Packages.Tests", "Application", "Program.cs")));
        feed.WriteProject("application/Application.csproj", "Microsoft.NET.Sdk.Web", "OrleansLake.Client", "OrleansLake.Server");
        feed.Build("application/Application.csproj");
        string said = DotnetCommand.Run(feed["application"], feed["application/out/Application.dll"], feed["lake"]);
        Assert.Equal(["Stored: 2", "3 counted, 5 stored", "dashboard 200"], said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_program_without_a_web_server_has_a_lake_inside_by_the_package_s_own_example()
    {
        feed.Write("worker/Program.cs", Feed.ExamplesOf("OrleansLake.Client.Embedded")[0]);
        feed.Write("worker/appsettings.json", """{ "OrleansLake": { "TimeZone": "Europe/Lisbon" }, "Logging": { "LogLevel": { "Default": "Warning" } } }""");
        feed.WriteProject("worker/Worker.csproj", "Microsoft.NET.Sdk", "OrleansLake.Client.Embedded", "Microsoft.Extensions.Hosting");
        feed.Build("worker/Worker.csproj");
        Assert.DoesNotContain("AspNetCore", File.ReadAllText(feed["worker/out/Worker.runtimeconfig.json"]), StringComparison.Ordinal);
        Assert.Equal("1 counted", DotnetCommand.Run(feed["worker"], feed["worker/out/Worker.dll"]).Trim());
        Assert.Contains("Europe/Lisbon", File.ReadAllText(feed["worker/lake/lake.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_unit_test_has_a_lake_in_memory_by_the_package_s_own_example()
    {
        feed.Write("unit/Program.cs", Feed.ExamplesOf("OrleansLake.Testing")[0]);
        feed.WriteProject("unit/Unit.csproj", "Microsoft.NET.Sdk", "OrleansLake.Testing");
        feed.Build("unit/Unit.csproj");
        Assert.Equal("1", DotnetCommand.Run(feed["unit"], feed["unit/out/Unit.dll"]).Trim());
        Assert.False(Directory.Exists(feed["unit/memory"]));
    }

    [Fact]
    public async Task A_silo_with_the_API_before_it_is_the_sample_s_few_lines_and_the_packages()
    {
        int[] ports = [FreePort.Take(), FreePort.Take(), FreePort.Take()];
        string sample = File.ReadAllText(Path.Combine(Fixtures.Root, "samples", "SiloInYourApp", "Program.cs"));
        feed.Write("silo/Program.cs", sample.Replace("UseLocalhostClustering(", $"UseLocalhostClustering({ports[0]}, {ports[1]}, ", StringComparison.Ordinal));
        feed.WriteProject("silo/Silo.csproj", "Microsoft.NET.Sdk.Web", "OrleansLake.Client.Orleans", "OrleansLake.Server");
        feed.Build("silo/Silo.csproj");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ports[2]}") };
        using Process silo = Process.Start(new ProcessStartInfo(LakeProcess.DotnetPath, ["out/Silo.dll", "--urls", $"{http.BaseAddress}", "--Logging:LogLevel:Default", "None"]) { WorkingDirectory = feed["silo"] })!;
        try
        {
            await AnswersAsync(http, silo);
            using var message = new StringContent("""{"timestamp":"2024-12-16T10:10:01Z","event_type":"CREATED","message_id":"1","channel":"CHAT","user_id":7}""", new MediaTypeHeaderValue("application/x-ndjson"));
            using HttpResponseMessage sent = await http.PostAsync("/v1/messages?wait=report", message);
            Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
            Assert.Equal("date,channel,CREATED,total\n2024-12-16,CHAT,1,1\n", (await http.GetStringAsync("/v1/reports/report1.csv")).ReplaceLineEndings("\n"));
            Assert.Contains("<html", await http.GetStringAsync("/dashboard/"), StringComparison.Ordinal);
        }
        finally
        {
            silo.Kill();
        }
    }

    [Fact]
    public void The_examples_in_the_packages_readmes_compile()
    {
        feed.WriteProject("examples/Examples.csproj", "Microsoft.NET.Sdk.Web", [.. Feed.Libraries]);
        foreach (string library in Feed.Libraries)
        {
            IReadOnlyList<string> examples = Feed.ExamplesOf(library);
            Assert.NotEmpty(examples);
            for (int i = 0; i < examples.Count; i++)
            {
                // Each is a program; here it becomes a method, so that one build has them all.
                string[] lines = examples[i].Split('\n');
                string usings = string.Join('\n', lines.Where(IsUsing));
                feed.Write($"examples/{library}.{i}.cs", $$"""
                    {{usings}}

                    internal static class Of{{library.Replace(".", "", StringComparison.Ordinal)}}{{i}}
                    {
                        internal static async Task RunAsync(string[] args)
                        {
                    {{string.Join('\n', lines.Where(line => !IsUsing(line)))}}
                        }
                    }
                    """);
            }
        }

        feed.Build("examples/Examples.csproj");
    }

    private static async Task AnswersAsync(HttpClient http, Process server)
    {
        while (true)
        {
            Assert.False(server.HasExited, "it ended");
            try
            {
                Assert.Equal("""{"status":"healthy"}""", await http.GetStringAsync("/health"));
                return;
            }
            catch (HttpRequestException)
            {
                // It starts.
                await Task.Delay(100);
            }
        }
    }

    private static bool IsUsing(string line) => UsingDirective().IsMatch(line);

    [GeneratedRegex(@"^using [A-Za-z.]+;$")]
    private static partial Regex UsingDirective();

    [GeneratedRegex(@"(?<=`)(docs|samples)/[^`]+(?=`)")]
    private static partial Regex DocumentInText();
}
