namespace OrleansLake.Core.Messages;

/// <summary>The ways in which a message id is held.</summary>
public enum MessageIdKind : byte
{
    /// <summary>There is none (only an external bronze file can have such a row).</summary>
    Null = 0,

    /// <summary>A UUID in its canonical text (36 characters, lower case): its 16 bytes.</summary>
    Uuid = 1,

    /// <summary>Any other text: <c>High</c> is its <see cref="StableHash"/>, <c>Low</c> its row in the column's text.</summary>
    Text = 2,
}
