namespace OrleansLake.Core.Messages;

/// <summary>The types of the ids of users and countries, of which a lake has one each, fixed when it is created.</summary>
public enum IdType
{
    /// <summary>Whole numbers of 32 bits.</summary>
    Number32 = 0,

    /// <summary>Whole numbers of 64 bits; of users only.</summary>
    Number64 = 1,

    /// <summary>Text, compared byte by byte.</summary>
    Text = 2,
}
