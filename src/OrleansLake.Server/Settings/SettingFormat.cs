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

    /// <summary>A name that a server is called by, without a port.</summary>
    Host = 5,

    /// <summary>The name of a claim.</summary>
    Claim = 6,
}
