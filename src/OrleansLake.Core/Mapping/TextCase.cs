namespace OrleansLake.Core.Mapping;

/// <summary>The case into which the letters A to Z of a field's text are put.</summary>
public enum TextCase
{
    /// <summary>As they are.</summary>
    Kept,

    /// <summary>Capital letters.</summary>
    Upper,

    /// <summary>Small letters.</summary>
    Lower,
}
