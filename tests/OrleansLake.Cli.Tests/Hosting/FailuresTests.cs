using OrleansLake.Cli.Hosting;
using OrleansLake.Cli.Output;

namespace OrleansLake.Cli.Tests.Hosting;

public class FailuresTests
{
    public static TheoryData<Exception, int> Known => new()
    {
        { new UsageException("no"), 2 },
        { new FileNotFoundException("no"), 5 },
        { new DirectoryNotFoundException("no"), 5 },
        { new UnauthorizedAccessException("no"), 5 },
        { new Server.ServeSettingsException("no"), 2 },
        { new IOException("No space left on device"), 5 },
        { new OperationCanceledException(), 130 },
        { new InvalidOperationException("a fault"), 1 },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Each_failure_has_its_exit_code(Exception failure, int code) =>
        Assert.Equal(code, Failures.CodeOf(failure, interrupted: true));

    [Fact]
    public void A_cancellation_that_nobody_asked_for_is_a_fault() =>
        Assert.Equal(ExitCode.Failed, Failures.CodeOf(new OperationCanceledException(), interrupted: false));
}
