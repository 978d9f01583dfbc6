using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace OrleansLake.Silo;

/// <summary>
/// One line for each entry: when, how bad, from where, what, and of an exception what it says. Where it was thrown is shown
/// only if it is asked for, by a level of Debug. That the silo has stopped is the last line: what ends later than that was
/// given up and reported by then.
/// </summary>
internal sealed class LineFormatter(IOptionsMonitor<LineFormatterOptions> options) : ConsoleFormatter(FormatterName)
{
    internal const string FormatterName = "lake";

    private volatile bool _hasStopped;

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        if (_hasStopped)
        {
            return;
        }

        _hasStopped = logEntry.EventId.Id == SiloNews.StoppedId && logEntry.Category == SiloNews.Category;
        bool withStackTraces = options.CurrentValue.WithStackTraces;
        string text = logEntry.Formatter(logEntry.State, logEntry.Exception);
        string message = (withStackTraces ? text : WithoutStackTrace(text)).ReplaceLineEndings(" ").Trim();
        string category = logEntry.Category.StartsWith(nameof(OrleansLake), StringComparison.Ordinal) ? "" : $"{logEntry.Category}: ";
        textWriter.Write(DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z' ", CultureInfo.InvariantCulture));
        textWriter.Write($"{LevelOf(logEntry.LogLevel)}: {category}{message}");
        if (logEntry.Exception is { } failure)
        {
            textWriter.Write(withStackTraces ? $" {failure}".ReplaceLineEndings(" ") : Reason(failure, message));
        }

        textWriter.WriteLine();
    }

    // Libraries write exceptions into their messages, too.
    private static string WithoutStackTrace(string text) => !text.Contains("   at ", StringComparison.Ordinal) ? text : string.Join(
        ' ',
        text.Split('\n', StringSplitOptions.TrimEntries).Where(line => !line.StartsWith("at ", StringComparison.Ordinal) && !line.StartsWith("--- End of", StringComparison.Ordinal)));

    // Unless the message has it already.
    private static string Reason(Exception failure, string message)
    {
        string reason = failure.Message.ReplaceLineEndings(" ").Trim();
        return message.Contains(reason, StringComparison.Ordinal) ? "" : $": {reason}";
    }

    private static string LevelOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
