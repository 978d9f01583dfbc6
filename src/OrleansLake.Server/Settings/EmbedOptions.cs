using System.ComponentModel.DataAnnotations;
using OrleansLake.Server.Settings;

namespace OrleansLake.Server;

/// <summary>The options of reports that are embedded in other sites.</summary>
public sealed class EmbedOptions
{
    /// <summary>Gets the keys that sign embed tokens. None: no token is accepted.</summary>
    public IList<EmbedKey> Keys { get; } = [];

    /// <summary>Gets or sets how far in the future a token may end. 24 hours: a page asks for another in time, and a lost one does
    /// little harm.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "366.00:00:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan LifetimeMax { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Gets the sites whose pages may show the dashboard's <c>embed.html</c> in a frame: origins such as
    /// <c>https://example.com</c>, or <c>'self'</c>. None: no frame shows it. The dashboard itself, which may ask for a
    /// key, is shown in no frame.
    /// </summary>
    [SettingFormat(SettingFormat.FrameAncestor)]
    public IList<string> FrameAncestors { get; } = [];
}
