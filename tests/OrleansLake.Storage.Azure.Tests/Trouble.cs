namespace OrleansLake.Storage.Azure.Tests;

/// <summary>The troubles of a request on its way.</summary>
internal enum Trouble
{
    None = 0,

    /// <summary>The server says that it is busy, and has done nothing.</summary>
    Busy = 1,

    /// <summary>It does not reach the server.</summary>
    LostRequest = 2,

    /// <summary>The server has done what it asks for, and nobody hears of it.</summary>
    LostAnswer = 3,
}
