using OrleansLake.Core.Time;

namespace OrleansLake.Storage.TimeZones;

/// <summary>Finds time zones by name, in the zone files of this machine.</summary>
internal static class TimeZoneFiles
{
    // The largest file that is published takes 3.6 kB.
    private const int FileBytesMax = 1 << 20;

    private const string UsualFolder = "/usr/share/zoneinfo";

    /// <summary>
    /// Loads a zone: a fixed offset (<c>UTC</c>, <c>+02:00</c>), else the file of that name under <c>TZDIR</c> or
    /// <c>/usr/share/zoneinfo</c>, else what the platform knows by that name (Windows' own names too).
    /// </summary>
    /// <param name="id">An IANA name such as <c>America/New_York</c>.</param>
    /// <exception cref="TimeZoneNotFoundException">There is no zone of that name.</exception>
    /// <exception cref="InvalidTimeZoneException">There is, but its file cannot be read as one.</exception>
    public static LakeTimeZone Load(string id)
    {
        string?[] folders = [Environment.GetEnvironmentVariable("TZDIR"), UsualFolder];
        return Load(id, folders);
    }

    /// <summary>Does as <see cref="Load(string)"/>, with folders of the caller's choice; null and empty ones are passed over.</summary>
    public static LakeTimeZone Load(string id, ReadOnlySpan<string?> folders)
    {
        if (LakeTimeZone.FromFixedOffset(id) is { } offset)
        {
            return offset;
        }

        if (!IsName(id))
        {
            throw NotFound(id, null);
        }

        foreach (string? folder in folders)
        {
            if (!string.IsNullOrEmpty(folder) && Path.Combine(folder, id) is var path && File.Exists(path))
            {
                return Read(id, path);
            }
        }

        try
        {
            return LakeTimeZone.FromTimeZoneInfo(TimeZoneInfo.FindSystemTimeZoneById(id));
        }
        catch (Exception exception) when (exception is TimeZoneNotFoundException or System.Security.SecurityException)
        {
            throw NotFound(id, exception);
        }
    }

    private static LakeTimeZone Read(string id, string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            byte[] bytes = new byte[Math.Min(file.Length, FileBytesMax)];
            file.ReadExactly(bytes);
            return LakeTimeZone.FromTzif(id, bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidTimeZoneException($"The time zone file {path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// Returns whether it can be a zone's name: parts of letters, digits, blanks, <c>_ + - .</c> between slashes, none of
    /// which leads up or starts at the root.
    /// </summary>
    private static bool IsName(string id)
    {
        if (id.Length is 0 or > 255)
        {
            return false;
        }

        foreach (string part in id.Split('/'))
        {
            if (part.Length == 0 || part[0] == '.')
            {
                return false;
            }

            foreach (char c in part)
            {
                if (!char.IsAsciiLetterOrDigit(c) && !"_+-. ()".Contains(c, StringComparison.Ordinal))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static TimeZoneNotFoundException NotFound(string id, Exception? inner) =>
        new($"There is no time zone '{Shown(id)}'. An IANA name such as America/New_York, UTC, or an offset such as +02:00 is expected.", inner);

    private static string Shown(string id)
    {
        string head = id.Length > 60 ? id[..60] + "…" : id;
        return string.Concat(head.Select(c => char.IsControl(c) ? '\uFFFD' : c));
    }
}
