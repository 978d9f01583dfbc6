namespace OrleansLake.Engine.Reading;

/// <summary>The forms of a column's values, however a file stores them.</summary>
internal enum ValueForm
{
    /// <summary>Nothing that a message has: intervals, lists, structs, maps, shapes.</summary>
    Other,

    /// <summary>Nulls only.</summary>
    Nulls,

    /// <summary>Points in time.</summary>
    Instants,

    /// <summary>Dates.</summary>
    Days,

    /// <summary>Times of day, which only a mapping takes.</summary>
    Times,

    /// <summary>Truth values, which only a mapping takes.</summary>
    Truths,

    /// <summary>Text, or bytes without a meaning, which are text if they are UTF-8.</summary>
    Text,

    /// <summary>UUIDs as 16 bytes.</summary>
    Uuids,

    /// <summary>Integers of any width, signed or not.</summary>
    Integers,

    /// <summary>Decimals.</summary>
    Decimals,

    /// <summary>Floating point of any width.</summary>
    Reals,
}
