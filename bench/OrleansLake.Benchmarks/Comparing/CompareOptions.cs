using System.Globalization;

namespace OrleansLake.Benchmarks.Comparing;

/// <summary>What a comparison is made of.</summary>
internal sealed record CompareOptions
{
    /// <summary>How many messages the producer makes.</summary>
    public int Messages { get; init; } = 5_000_000;

    /// <summary>How often each contender runs; the median counts.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Where the data lies; a temporary folder when null.</summary>
    public string? Folder { get; init; }

    /// <summary>Leaves the data for another look.</summary>
    public bool Keep { get; init; }

    public static bool TryParse(string[] arguments, out CompareOptions options, out string error)
    {
        options = new CompareOptions();
        error = "";
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            var isCount = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0;
            switch (arguments[i])
            {
                case "--messages" when isCount:
                    options = options with { Messages = count };
                    i++;
                    break;
                case "--rounds" when isCount:
                    options = options with { Rounds = count };
                    i++;
                    break;
                case "--folder" when value.Length > 0:
                    options = options with { Folder = Path.GetFullPath(value) };
                    i++;
                    break;
                case "--keep":
                    options = options with { Keep = true };
                    break;
                default:
                    error = $"not understood: {arguments[i]} {value}";
                    return false;
            }
        }

        return true;
    }
}
