namespace OrleansLake.Server.Settings;

/// <summary>The formats of texts among the settings.</summary>
internal enum SettingFormat
{
    /// <summary>A site: scheme, host and port.</summary>
    Origin = 0,

    /// <summary>A site, or <c>'self'</c>.</summary>
    FrameAncestor = 1,

    /// <summary>A SHA-256 in hexadecimal digits.</summary>
    Sha256 = 2,

    /// <summary>The secret of an embed key.</summary>
    EmbedSecret = 3,

    /// <summary>One scope or several.</summary>
    Scopes = 4,

    /// <summary>A time zone of this machine.</summary>
    TimeZone = 5,

    /// <summary>A name that a server is called by, without a port.</summary>
    Host = 6,

    /// <summary>The name of a claim.</summary>
    Claim = 7,

    /// <summary>The path of a file.</summary>
    File = 8,
}
