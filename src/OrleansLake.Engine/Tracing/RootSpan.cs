using System.Diagnostics;

namespace OrleansLake.Engine.Tracing;

/// <summary>A trace's first span; what was current before it is so again at its end.</summary>
internal readonly struct RootSpan(Activity? span, Activity? before) : IDisposable
{
    /// <summary>Gets the span; null if nobody wants it.</summary>
    internal Activity? Span { get; } = span;

    public void Dispose()
    {
        if (Span is not null)
        {
            Span.Dispose();
        }

        if (before is not null)
        {
            Activity.Current = before;
        }
    }
}
