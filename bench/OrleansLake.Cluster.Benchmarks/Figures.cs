using System.Globalization;
using System.Text;

namespace OrleansLake.Cluster.Benchmarks;

/// <summary>The figures, as bench/CLUSTER.md shows them.</summary>
internal sealed class Figures
{
    private readonly StringBuilder _text = new();

    internal void Title(string title, params string[] columns)
    {
        _text.AppendLine(CultureInfo.InvariantCulture, $"\n## {title}\n\n| {string.Join(" | ", columns)} |\n|{string.Concat(Enumerable.Repeat("---|", columns.Length))}");
        Console.WriteLine($"\n{title}");
    }

    internal void Row(params string[] cells)
    {
        _text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells)} |");
        Console.WriteLine($"  {string.Join("  ", cells)}");
    }

    internal static string Rate(double perSecond) => perSecond.ToString("N0", CultureInfo.InvariantCulture);

    internal static string Ms(double milliseconds) => milliseconds.ToString("N1", CultureInfo.InvariantCulture) + " ms";

    internal void Write(string path, int messages) => File.WriteAllText(
        path,
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            # The lake on silos, measured

            `dotnet run -c Release --project bench/OrleansLake.Cluster.Benchmarks -- {messages}` wrote this: silos are processes of their own on
            one machine with {Environment.ProcessorCount} cores, shared with the client that makes the load. A message counts when the reports show it.
            Every send is fsynced; {MessageBodies.LinesPerBody:N0} messages a body, 8 bodies at once, 4 partitions, ids are UUIDs.
            {messages:N0} messages with message grains, five times as many with key ranges.
            {_text}
            """));
}
