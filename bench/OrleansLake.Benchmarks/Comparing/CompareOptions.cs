using System.Globalization;

namespace OrleansLake.Benchmarks.Comparing;

/// <summary>The options of a comparison.</summary>
internal sealed record CompareOptions
{
    /// <summary>As many messages as the goals speak of.</summary>
    public const int MessagesOfGoals = 5_000_000;

    /// <summary>Gets the number of messages that the producer makes.</summary>
    public int Messages { get; init; } = MessagesOfGoals;

    /// <summary>Gets how often each contender runs, the median counts; null: as often as each work deems right.</summary>
    public int? Rounds { get; init; }

    /// <summary>The works to do; none: all.</summary>
    public IReadOnlyList<string> Works { get; init; } = [];

    /// <summary>The most messages of the work <c>scaling</c>.</summary>
    public int ScalingMax { get; init; } = 50_000_000;

    /// <summary>The triggers of the work <c>ten-hours</c>.</summary>
    public int Triggers { get; init; } = 7_200;

    /// <summary>Gets the place where the data lies; a temporary folder when null.</summary>
    public string? Folder { get; init; }

    /// <summary>Keeps the data for inspection.</summary>
    public bool Keep { get; init; }

    /// <summary>Gets the place where RESULTS.md and results.json are written; bench/ of the repository when null.</summary>
    public string? Into { get; init; }

    /// <summary>Reads a command line.</summary>
    /// <param name="arguments">What follows <c>compare</c>.</param>
    /// <param name="works">The names that <c>--work</c> may take.</param>
    /// <param name="options">What was read.</param>
    /// <param name="error">The reason why it was not; empty if it was.</param>
    public static bool TryParse(string[] arguments, IReadOnlyList<string> works, out CompareOptions options, out string error)
    {
        options = new CompareOptions();
        error = "";
        for (int i = 0; i < arguments.Length; i++)
        {
            string value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            bool isCount = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0;
            CompareOptions? read = arguments[i] switch
            {
                "--messages" when isCount && count >= 1000 => options with { Messages = count },
                "--rounds" when isCount => options with { Rounds = count },
                "--scaling-max" when isCount => options with { ScalingMax = count },
                "--triggers" when isCount => options with { Triggers = count },
                "--work" when value.Split(',') is var names && names.All(works.Contains) => options with { Works = names },
                "--folder" when value.Length > 0 => options with { Folder = Path.GetFullPath(value) },
                "--into" when value.Length > 0 => options with { Into = Path.GetFullPath(value) },
                _ => null,
            };
            if (read is not null)
            {
                options = read;
                i++;
            }
            else if (arguments[i] == "--keep")
            {
                options = options with { Keep = true };
            }
            else
            {
                error = arguments[i] == "--work"
                    ? $"--work takes of {string.Join(", ", works)}, with commas between them; not '{value}'"
                    : $"not understood: {arguments[i]} {value}".TrimEnd();
                return false;
            }
        }

        return true;
    }

    /// <summary>The command that does the same again.</summary>
    public string Command
    {
        get
        {
            var text = new System.Text.StringBuilder("dotnet run -c Release --project bench/OrleansLake.Benchmarks -- compare");
            CompareOptions usual = new();
            Append("--work", Works.Count > 0, string.Join(',', Works));
            Append("--messages", Messages != usual.Messages, Messages);
            Append("--rounds", Rounds is not null, Rounds);
            Append("--scaling-max", ScalingMax != usual.ScalingMax, ScalingMax);
            Append("--triggers", Triggers != usual.Triggers, Triggers);
            return text.ToString();

            void Append(string option, bool isGiven, object? value)
            {
                if (isGiven)
                {
                    text.Append(CultureInfo.InvariantCulture, $" {option} {value}");
                }
            }
        }
    }
}
