namespace OrleansLake.Dashboard.Tests.Browsers;

/// <summary>The options with which a page is opened.</summary>
internal sealed record PageOptions
{
    internal static PageOptions Phone { get; } = new() { Width = 390, Height = 844, Scale = 2, HasTouch = true };

    public int Width { get; init; } = 1280;

    public int Height { get; init; } = 900;

    public int Scale { get; init; } = 1;

    public bool IsDark { get; init; }

    public bool HasTouch { get; init; }

    public bool HasReducedMotion { get; init; }

    /// <summary>A script that runs before those of the page.</summary>
    public string? Before { get; init; }
}
