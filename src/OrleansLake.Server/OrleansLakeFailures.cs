using Microsoft.Extensions.Options;
using OrleansLake.Core;
using OrleansLake.Engine;
using OrleansLake.Storage;

namespace OrleansLake.Server;

/// <summary>The failures that keep an application with a lake from starting, or end it.</summary>
public static class OrleansLakeFailures
{
    /// <summary>
    /// Gets a value indicating whether a failure says in its message what is wrong and what to do (a setting, a lake that another process has, a
    /// damaged file), so that a stack trace adds nothing: for a <c>catch</c> around an application's start and run.
    /// </summary>
    /// <param name="failure">What was thrown.</param>
    public static bool IsExplained(Exception failure) => failure switch
    {
        // Of several clients each may have a fault, and a host reports them together.
        AggregateException { InnerExceptions: [_, ..] several } => several.All(IsExplained),
        OptionsValidationException or ServeSettingsException => true,
        _ => failure is LakeException or LakeInUseException or LakeNotFoundException or LakeRefusedException or OwnershipLostException or CorruptDataException,
    };
}
