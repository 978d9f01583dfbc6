using System.Diagnostics;

namespace OrleansLake.Engine.Tracing;

/// <summary>
/// The spans of a message's way through the lake, of the source <see cref="SourceName"/>: <c>lake.accept</c> and in it
/// <c>lake.fsync</c> belong to the request that sent; <c>lake.apply</c> and <c>lake.commit</c> (in it <c>lake.manifest</c>)
/// serve many requests at once, so each is a trace of its own that links to them.
/// </summary>
internal static class LakeTracing
{
    /// <summary>The name of the source.</summary>
    internal const string SourceName = "OrleansLake";

    private static readonly ActivitySource Source = new(SourceName, typeof(LakeTracing).Assembly.GetName().Version?.ToString(3));

    /// <summary>Gets a value indicating whether there is a listener for spans.</summary>
    internal static bool IsListenedTo => Source.HasListeners();

    /// <summary>Returns a span in the one that is current; null if nobody wants it.</summary>
    internal static Activity? Start(string name) => Source.StartActivity(name);

    /// <summary>Returns a trace of its own, whatever is current on this thread; it ends with what is returned.</summary>
    internal static RootSpan StartRoot(string name, IReadOnlyList<ActivityLink> links)
    {
        // Threads of the lake carry the span of whichever request started them.
        Activity? before = Activity.Current;
        Activity.Current = null;
        return new RootSpan(Source.StartActivity(name, ActivityKind.Internal, default(ActivityContext), tags: null, links), before);
    }

    /// <summary>Marks a span as failed.</summary>
    internal static void Fail(this Activity? span, string reason) => span?.SetStatus(ActivityStatusCode.Error, reason);
}
