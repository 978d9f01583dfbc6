using OrleansLake.Client.Settings;
using OrleansLake.Core.Messages;

namespace OrleansLake.Client.Embedded;

/// <summary>Specifies that a setting names a type of ids.</summary>
/// <param name="isUser">Whether they are users' ids; else countries'.</param>
internal sealed class IdTypeSettingAttribute(bool isUser) : SettingRuleAttribute
{
    internal override string Expected => isUser ? "int32, int64 or text" : "int32 or text";

    internal override bool Allows(object value) => isUser ? IdTypes.TryParseUser((string)value, out _, out _) : IdTypes.TryParseCountry((string)value, out _, out _);
}
