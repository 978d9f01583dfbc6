using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using OrleansLake.TestSupport;
using SinkOfYourOwn;
using SourceOfYourOwn;

namespace OrleansLake.Server.Tests.Api;

/// <summary>The description as somebody uses it who has nothing else: by the client that a generator makes of it.</summary>
public class GeneratedClientTests
{
    [Fact]
    public async Task The_client_that_is_generated_from_the_description_calls_every_route()
    {
        using var scratch = new ScratchFolder();
        string appended = scratch.Write("a.ndjson", "");
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            options => options.Embed.Keys.Add(EmbedKey.Create("site")), settings: settings => settings with { AddServices = services => services.AddTopicSource(_ => new LinesSource(appended)).AddReportSink(_ => new FolderSink(scratch["reports"])) });
        string description = await server.Http.GetStringAsync("/openapi/v1.json");
        scratch.Write("Client.cs", new CSharpClientGenerator(await OpenApiDocument.FromJsonAsync(description), new CSharpClientGeneratorSettings
        {
            ClassName = "LakeApi",
            GenerateOptionalParameters = true,
            CSharpGeneratorSettings = { Namespace = "Generated", JsonLibrary = CSharpJsonLibrary.SystemTextJson, GenerateNullableReferenceTypes = true, GenerateOptionalPropertiesAsNullable = true },
        }).GenerateFile());
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Fixtures.Root, "tests", "OrleansLake.Server.Tests", "Api", "GeneratedClient")))
        {
            File.Copy(file, scratch[Path.GetFileName(file)]);
        }

        scratch.Write("Application.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <UseSharedCompilation>false</UseSharedCompilation>
              </PropertyGroup>
            </Project>
            """);
        DotnetCommand.Run(scratch.Path, "build", "-o", "out", "-nodeReuse:false", "-v:q", "-nologo");
        string[] said = DotnetCommand.Run(scratch.Path, "out/Application.dll", $"{server.Address}").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        ILookup<bool, string> lines = said.ToLookup(line => line.StartsWith("> ", StringComparison.Ordinal));
        Assert.Equal(
            [
                "alive healthy", "2 accepted, 1 unreadable_timestamp", "Date 2024-12-16 CHAT 1 CREATED 1 of 2", "8 1 EMAIL 1", "Counted 2024-12-16T10:10:01+00:00 a text", "Counted 2024-12-16 1.5",
                "2 True 2", "2 applied", "3 unreadable_timestamp", "True", "3.1.0", "one ts", "lines:a.ndjson 0 0", "folder:reports False", "event: snapshot", "event: snapshot",
                "400 urn:orleanslake:problem:bad-parameter 0", "404 urn:orleanslake:problem:not-found 0", "422 urn:orleanslake:problem:invalid-records 1",
            ],
            lines[false]);
        using JsonDocument document = JsonDocument.Parse(description);
        foreach (JsonProperty path in document.RootElement.GetProperty("paths").EnumerateObject())
        {
            string pattern = Regex.Replace(Regex.Escape(path.Name), @"\\\{[^}]*}", "[^/]+");
            Assert.All(path.Value.EnumerateObject(), operation => Assert.Contains(lines[true], call => Regex.IsMatch(call, $"^> {operation.Name} {pattern}$", RegexOptions.IgnoreCase)));
        }
    }
}
