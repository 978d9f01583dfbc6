using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace OrleansLake.Client.Settings;

/// <summary>
/// Looks at values by the rules on their properties, whether they were configured or set by code: <c>[Required]</c>,
/// <c>[Range]</c>, <see cref="SettingRuleAttribute"/> and <see cref="UniqueSettingAttribute"/>, at every depth.
/// </summary>
[RequiresUnreferencedCode(SettingBinder.Trimming)]
internal static class SettingProblems
{
    /// <summary>Returns the problems, a sentence each that names the setting, its value and what there is.</summary>
    /// <param name="settings">The object that holds them.</param>
    /// <param name="path">Its path in the configuration.</param>
    internal static IReadOnlyList<string> Of(object settings, string path)
    {
        var problems = new List<string>();
        Look(settings, path, problems);
        return problems;
    }

    /// <summary>Returns what is wrong with one value; null if it is right.</summary>
    internal static string? Of(SettingMember member, object? value, string path)
    {
        bool isMissing = value is null || (value is string text && (member.IsRequired ? string.IsNullOrWhiteSpace(text) : text.Length == 0));
        bool isRight = isMissing ? !member.IsRequired && member.IsOptional
            : (member.Range?.IsValid(value) ?? true) && (member.Rule?.Allows(value!) ?? true);
        return isRight ? null : Wrong(member, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture), path);
    }

    /// <summary>Returns the sentence that a text is not valid.</summary>
    internal static string Wrong(SettingMember member, string? text, string path)
    {
        string hint = text is not null && SettingText.Nearest(text, member.Type) is { } nearest ? $" (did you mean {nearest}?)" : "";
        return $"{path} {SettingText.Shown(text, member.IsSecret)}: give {SettingText.Expected(member)}{hint}";
    }

    private static void Look(object settings, string path, List<string> problems)
    {
        foreach (SettingMember member in SettingMember.Of(settings.GetType()))
        {
            string name = $"{path}:{member.Name}";
            object? value = member.Property.GetValue(settings);
            switch (member.Kind)
            {
                case SettingKind.Items when value is IList items:
                    LookAtItems(member, items, name, problems);
                    break;
                case SettingKind.Group when value is not null:
                    Look(value, name, problems);
                    break;
                case SettingKind.Value when Of(member, value, name) is { } problem:
                    problems.Add(problem);
                    break;
                case SettingKind.Group or SettingKind.Items when !member.IsOptional && value is null:
                    problems.Add($"{name} is null: leave it as it is, or give what it holds");
                    break;
            }
        }
    }

    private static void LookAtItems(SettingMember member, IList items, string path, List<string> problems)
    {
        var seen = new Dictionary<(string Name, string Value), string>();
        for (int i = 0; i < items.Count; i++)
        {
            string name = $"{path}:{i}";
            object? item = items[i];
            if (item is null || member.HasPlainItems)
            {
                if (item is null || Of(member, item, name) is not null)
                {
                    problems.Add(Wrong(member, item?.ToString(), name));
                }

                continue;
            }

            Look(item, name, problems);
            foreach (SettingMember unique in SettingMember.Of(item.GetType()).Where(one => one.IsUnique))
            {
                string value = Convert.ToString(unique.Property.GetValue(item), System.Globalization.CultureInfo.InvariantCulture) ?? "";
                string itsName = $"{name}:{unique.Name}";
                if (value.Length > 0 && !seen.TryAdd((unique.Name, value.ToUpperInvariant()), itsName))
                {
                    problems.Add($"{itsName} {SettingText.Shown(value, unique.IsSecret)}, and so is {seen[(unique.Name, value.ToUpperInvariant())]}: each may occur once");
                }
            }
        }
    }
}
