using System.Diagnostics;

namespace OrleansLake.Benchmarks.Comparing;

/// <summary>One thing that is measured, alone or beside others.</summary>
internal abstract class Work
{
    /// <summary>As the results and <c>--work</c> name it.</summary>
    public abstract string Name { get; }

    /// <summary>Gets what is done and how, as Markdown: lines of up to 120 characters.</summary>
    public abstract string About { get; }

    /// <summary>Does it.</summary>
    /// <exception cref="InvalidOperationException">A contender failed, or they do not agree.</exception>
    public abstract WorkResult Measure(CompareOptions options, BenchData data);

    /// <summary>The process of ours whose profile shows what limits a goal that was missed.</summary>
    public abstract ProcessStartInfo Profiled(CompareOptions options, BenchData data);

    /// <summary>The name of its threads that count; null: all.</summary>
    public virtual string? ProfiledThread => null;

    /// <summary>Gets a value indicating whether its code is the one that was compiled ahead of time, as always; else its functions
    /// have names.</summary>
    public virtual bool IsProfiledAsStarted => false;

    /// <summary>Tells how far it is, on standard error.</summary>
    protected void Say(FormattableString text) => Console.Error.WriteLine($"{Name}: {text.ToString(Results.Plain)}");
}
