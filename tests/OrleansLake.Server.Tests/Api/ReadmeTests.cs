using System.Diagnostics;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Api;

public class ReadmeTests
{
    // Fails where one of the commands fails, by an HTTP status too; -m ends a stream, which is as it should be.
    private const string Strict = """
        failed=0
        curl() {
          command curl -sS --fail-with-body "$@"
          local code=$?
          echo
          if [ $code != 0 ] && [ $code != 28 ]; then echo "curl $* ended with $code" >&2; failed=1; fi
        }

        """;

    [Fact]
    public async Task The_commands_of_the_api_section_work_as_pasted()
    {
        string section = (await File.ReadAllTextAsync(Path.Combine(Fixtures.Root, "README.md"))).Split("## Over HTTP")[1].Split("\n## ")[0];
        string commands = section.Split("```sh\n")[1].Split("```")[0];
        Assert.True(commands.Split("127.0.0.1:5080").Length > 9);
        using var scratch = new ScratchFolder();
        using ServedProcess server = ServedProcess.Start(scratch["lake"]);

        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", Strict + commands.Replace("127.0.0.1:5080", server.Address.Authority, StringComparison.Ordinal) + "\nexit $failed"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = shell.StandardError.ReadToEndAsync();
        string output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == 0, $"{await error}\n{output}");

        // Each answered with what it is there for.
        Assert.Contains("\"accepted\":1", output, StringComparison.Ordinal);
        Assert.Contains("2024-12-16,CHAT,1,1", output, StringComparison.Ordinal);
        Assert.Contains("\"iterations\":1", output, StringComparison.Ordinal);
        Assert.Contains("\"outcome\":\"counted\"", output, StringComparison.Ordinal);
        Assert.Contains("\"closes\":true", output, StringComparison.Ordinal);
        Assert.Contains("\"records\":[]", output, StringComparison.Ordinal);
        Assert.Contains("event: snapshot", output, StringComparison.Ordinal);
        Assert.Contains("\"openapi\": \"3.1.0\"", output, StringComparison.Ordinal);
    }
}
