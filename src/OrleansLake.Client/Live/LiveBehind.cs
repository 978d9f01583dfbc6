namespace OrleansLake.Client;

/// <summary>
/// The lake cannot be reached: what is known may be old, and is not to be shown as live. Sent as soon as a connection breaks,
/// and again after each try to connect that failed. Whatever other update comes next ends it: what it says, or follows
/// from it, is live.
/// </summary>
/// <param name="Position">What is known is true as of here; <see cref="LakePosition.None"/> if nothing is.</param>
/// <param name="Since">Since when, by the watcher's clock.</param>
/// <param name="Reason">The reason, for people.</param>
public sealed record LiveBehind(LakePosition Position, DateTimeOffset Since, string Reason) : LiveUpdate(Position, Since);
