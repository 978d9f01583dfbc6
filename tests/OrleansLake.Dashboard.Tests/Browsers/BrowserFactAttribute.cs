using OrleansLake.TestSupport;

namespace OrleansLake.Dashboard.Tests.Browsers;

/// <summary>A test that needs a real browser: skipped in one line where there is none, except where tools are required.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Chromium.MissingBecause is { } reason && !ForeignReaders.Required)
        {
            Skip = reason;
        }
    }
}
