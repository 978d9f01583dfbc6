using OrleansLake.Cli.Hosting;
using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.Hosting;

/// <summary>Settings that a server of its own does not read: reported where they contradict what holds.</summary>
public class UnreadSettingsTests
{
    [Theory]
    [InlineData("ASPNETCORE_URLS=http://0.0.0.0:9000", true)]
    [InlineData("ASPNETCORE_URLS=http://127.0.0.1:5080/", false)]
    [InlineData("ASPNETCORE_URLS=http://127.0.0.1:5080;http://127.0.0.1:5081", true)]
    [InlineData("ASPNETCORE_URLS=", false)]
    [InlineData("DOTNET_URLS=http://+:80", true)]
    [InlineData("URLS=http://+:80", true)]
    [InlineData("ASPNETCORE_HTTP_PORTS=8080", true)]
    [InlineData("ASPNETCORE_HTTP_PORTS=5080", false)]
    [InlineData("ASPNETCORE_HTTP_PORTS=5080;5081", true)]
    [InlineData("ASPNETCORE_HTTPS_PORTS=8081", true)]
    [InlineData("ASPNETCORE_HTTP_PORTS=8080|DOTNET_RUNNING_IN_CONTAINER=true", false)]
    [InlineData("ASPNETCORE_HTTP_PORTS=8000|DOTNET_RUNNING_IN_CONTAINER=true", true)]
    public void Addresses_of_the_environment_are_told_if_they_differ(string variables, bool isTold)
    {
        using var scratch = new ScratchFolder();
        Dictionary<string, string> environment = variables.Split('|').Select(variable => variable.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1]);
        string[] lines = [.. UnreadSettings.Of(["http://127.0.0.1:5080"], scratch.Path, environment.GetValueOrDefault)];
        Assert.Equal(isTold ? 1 : 0, lines.Length);
        Assert.All(lines, line => Assert.Contains("it listens on http://127.0.0.1:5080, as --urls or LAKE_URLS says", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("appsettings.json", """{ "OrleansLake": {} }""", "OrleansLake")]
    [InlineData("appsettings.json", """{ /* ours */ "orleanslake:Path": "x", "Kestrel": {}, }""", "orleanslake:Path, Kestrel")]
    [InlineData("appsettings.Production.json", """{ "Urls": "http://+:80" }""", "Urls")]
    [InlineData("appsettings.json", """{ "Logging": {}, "AllowedHosts": "*" }""", null)]
    [InlineData("appsettings.Development.json", """{ "OrleansLake": {} }""", null)]
    [InlineData("appsettings.json", "not JSON", null)]
    [InlineData("appsettings.json", "[1]", null)]
    public void Sections_that_concern_it_are_told(string name, string text, string? told)
    {
        using var scratch = new ScratchFolder();
        scratch.Write(name, text);
        string[] lines = [.. UnreadSettings.Of(["http://127.0.0.1:5080"], scratch.Path, static _ => null)];
        Assert.Equal(told is null ? [] : [$"{name} in this folder has {told}, but `lake serve` reads its options and the environment only (such as OrleansLake__Path)."], lines);
    }
}
