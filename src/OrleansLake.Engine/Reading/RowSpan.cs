namespace OrleansLake.Engine.Reading;

/// <summary>Rows of a row group that become one batch.</summary>
/// <param name="Start">The first.</param>
/// <param name="End">The one after the last.</param>
internal readonly record struct RowSpan(int Start, int End)
{
    internal int Count => End - Start;
}
