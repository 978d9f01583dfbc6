namespace OrleansLake.Client.Http;

/// <summary>The rules of a connection's options; one place for those that a program sets and those that are configured.</summary>
internal static class LakeHttpRules
{
    private const int TriesLimit = 100;

    // Timers know no longer wait than 49 days; nobody means one longer than this.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromDays(1);

    private static readonly string[] Schemes = ["http", "https", "https+http", "http+https"];

    /// <summary>Returns what is wrong, by option.</summary>
    internal static IEnumerable<(string Option, object? Value, string Fault)> FaultsOf(LakeHttpOptions options)
    {
        if (options.BaseAddress is { } address && AddressFault(address) is { } wrong)
        {
            yield return (nameof(options.BaseAddress), address, wrong);
        }

        if (options.Key is { } key && KeyFault(key) is { } unusable)
        {
            // Its value is a secret.
            yield return (nameof(options.Key), null, unusable);
        }

        if (options.TriesMax is < 1 or > TriesLimit)
        {
            yield return (nameof(options.TriesMax), options.TriesMax, $"is to be from 1 to {TriesLimit}");
        }

        (string Option, TimeSpan Value, bool MayBeInfinite)[] times =
        [
            (nameof(options.RetryDelay), options.RetryDelay, false),
            (nameof(options.RetryDelayMax), options.RetryDelayMax, false),
            (nameof(options.TryTimeout), options.TryTimeout, true),
            (nameof(options.CallTimeout), options.CallTimeout, true),
            (nameof(options.StreamSilenceMax), options.StreamSilenceMax, false),
            (nameof(options.WatchOutageMax), options.WatchOutageMax, true),
        ];
        foreach ((string option, TimeSpan value, bool mayBeInfinite) in times)
        {
            if ((value <= TimeSpan.Zero && !(mayBeInfinite && value == Timeout.InfiniteTimeSpan)) || value > TimeLimit)
            {
                yield return (option, value, $"is to be longer than nothing and at most a day{(mayBeInfinite ? ", or Timeout.InfiniteTimeSpan (in a configuration -00:00:00.001)" : "")}");
            }
        }
    }

    /// <exception cref="ArgumentException">An option cannot be what it is.</exception>
    internal static void Check(LakeHttpOptions options)
    {
        foreach ((string option, object? value, string fault) in FaultsOf(options))
        {
            string message = $"LakeHttpOptions.{option} {fault}.";
            throw option is nameof(options.Key) or nameof(options.BaseAddress) ? new ArgumentException(message, option) : new ArgumentOutOfRangeException(option, value, message);
        }
    }

    private static string? AddressFault(Uri address) => !address.IsAbsoluteUri || !Schemes.Contains(address.Scheme, StringComparer.OrdinalIgnoreCase)
        ? "is to be an absolute http or https URL, such as http://127.0.0.1:5080"
        : address.Query.Length > 0 || address.Fragment.Length > 0 ? "is to end with its path, without a query and a fragment"
        : address.UserInfo.Length > 0 ? "holds a user and a password, but a lake takes a key: set Key instead" : null;

    private static string? KeyFault(string key)
    {
        if (key.Length == 0)
        {
            return "is empty; leave it out for a lake without keys";
        }

        int wrong = key.AsSpan().IndexOfAnyExceptInRange('!', '~');
        return wrong < 0 ? null : $"can have visible ASCII characters only, but its character {wrong + 1} is U+{(int)key[wrong]:X4}";
    }
}
