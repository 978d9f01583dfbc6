namespace OrleansLake.Benchmarks.Comparing;

/// <summary>A goal: what is to be reached, and what was.</summary>
/// <param name="Work">The work that measures it.</param>
/// <param name="What">What is measured.</param>
/// <param name="Target">What is to be reached.</param>
/// <param name="Measured">What was.</param>
/// <param name="IsHeld">Whether it was reached.</param>
internal sealed record Goal(string Work, string What, string Target, string Measured, bool IsHeld)
{
    /// <summary>A figure that is to be this or more.</summary>
    public static Goal AtLeast(string work, string what, double measured, double target, string format, string unit) =>
        new(work, what, $"{target.ToString(format, Results.Plain)}{unit}", $"{measured.ToString(format, Results.Plain)}{unit}", measured >= target);

    /// <summary>A figure that is to be this or less.</summary>
    public static Goal AtMost(string work, string what, double measured, double target, string format, string unit) =>
        new(work, what, $"at most {target.ToString(format, Results.Plain)}{unit}", $"{measured.ToString(format, Results.Plain)}{unit}", measured <= target);
}
