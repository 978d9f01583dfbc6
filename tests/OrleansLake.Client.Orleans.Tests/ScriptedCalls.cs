using System.Reflection;

namespace OrleansLake.Client.Tests;

/// <summary>Answers every call of an interface with the same: what a cluster does that cannot be had on demand.</summary>
public class ScriptedCalls<T> : DispatchProxy
    where T : class
{
    private Func<MethodInfo, object?> _answer = null!;

    internal static T Of(Func<MethodInfo, object?> answer)
    {
        T one = Create<T, ScriptedCalls<T>>();
        ((ScriptedCalls<T>)(object)one)._answer = answer;
        return one;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer(targetMethod!);
}
