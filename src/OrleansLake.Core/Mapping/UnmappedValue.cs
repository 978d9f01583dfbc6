namespace OrleansLake.Core.Mapping;

/// <summary>The treatment of a value that a field's map does not have.</summary>
public enum UnmappedValue
{
    /// <summary>Its record is rejected.</summary>
    Rejected,

    /// <summary>It stays as it is.</summary>
    Kept,

    /// <summary>The field is null.</summary>
    Null,
}
