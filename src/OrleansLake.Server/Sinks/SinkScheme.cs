using OrleansLake.Client;

namespace OrleansLake.Server.Sinks;

/// <summary>A kind of sink that <see cref="LakeServerOptions.Sinks"/> may name.</summary>
/// <param name="Schemes">What its addresses begin with: <c>kafka</c>.</param>
/// <param name="Open">Makes the sink of an address.</param>
internal sealed record SinkScheme(IReadOnlyList<string> Schemes, Func<string, IReportSink> Open)
{
    internal bool Takes(string address) => Schemes.Any(scheme => address.StartsWith($"{scheme}://", StringComparison.OrdinalIgnoreCase));
}
