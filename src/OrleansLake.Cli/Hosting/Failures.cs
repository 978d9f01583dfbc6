using OrleansLake.Cli.Output;
using OrleansLake.Core;
using OrleansLake.Engine;
using OrleansLake.Parquet;
using OrleansLake.Storage;
using OrleansLake.Storage.Log;

namespace OrleansLake.Cli.Hosting;

/// <summary>From exceptions to exit codes and to words.</summary>
internal static class Failures
{
    private const string WaitForCapacity =
        "Free some space (the log takes 64 MiB at once for each partition) and give the command again: what was stored is kept, a file continues where it was, and a batch is stored once.";

    /// <summary>Reports what went wrong on stderr and returns the exit code.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="terminal">Where to say it.</param>
    /// <param name="verbose">With the stack trace.</param>
    /// <param name="interrupted">Whether the user asked for the end.</param>
    public static int Report(Exception failure, Terminal terminal, bool verbose, bool interrupted)
    {
        Exception cause = failure is AggregateException { InnerExceptions.Count: 1 } aggregate ? aggregate.InnerException! : failure;
        int code = CodeOf(cause, interrupted);
        if (cause is Server.ServeSettingsException { Problems.Count: > 0 } settings)
        {
            foreach (string problem in settings.Problems)
            {
                terminal.Error.WriteLine($"lake: {DisplayWidth.Printable(OneLine(problem))}");
            }
        }
        else if (code != ExitCode.Interrupted)
        {
            terminal.Error.WriteLine($"lake: {Text(cause, code, verbose)}");
        }

        if (verbose)
        {
            terminal.Error.WriteLine(failure);
        }

        return code;
    }

    /// <summary>Returns the exit code that an exception stands for.</summary>
    public static int CodeOf(Exception failure, bool interrupted) => failure switch
    {
        OperationCanceledException when interrupted => ExitCode.Interrupted,
        UsageException or Server.ServeSettingsException => ExitCode.Usage,
        LakeException lake => (int)lake.Failure,
        CorruptDataException => ExitCode.Damaged,
        LakeInUseException or OwnershipLostException => ExitCode.InUse,
        LakeNotFoundException or LakeRefusedException or LogClosedException => ExitCode.Environment,
        UnauthorizedAccessException or IOException => ExitCode.Environment,
        _ => ExitCode.Failed,
    };

    private static string Text(Exception failure, int code, bool verbose)
    {
        string message = failure is not UnauthorizedAccessException || failure.Message.Split('\'') is not [_, var path, _] ? failure.Message
            : IsOpenFolder(path) ? $"{path} is a folder, and a file is expected."
            : $"{path} cannot be read or written: Permission denied. Give this user the right to it.";
        message = DisplayWidth.Printable(OneLine(message)) + (failure is IOException && IsDiskFull(failure.Message) ? $"{(message.EndsWith('.') ? "" : ".")} {WaitForCapacity}" : "");
        bool isExpected = code != ExitCode.Failed || failure is LakeException or ParquetException;
        return isExpected ? message
            : $"a fault in the program: {message} ({failure.GetType().Name})" + (verbose ? "" : "; --verbose shows where.");
    }

    // To open a folder as a file is refused as if a permission lacked; where one does lack, its entries cannot be read either.
    private static bool IsOpenFolder(string path)
    {
        try
        {
            _ = Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any();
            return Directory.Exists(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // The platform says it in one of two ways; only one of them has a number.
    private static bool IsDiskFull(string message) =>
        message.Contains("No space left on device", StringComparison.Ordinal) || message.Contains("the disk was full", StringComparison.Ordinal);

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();
}
