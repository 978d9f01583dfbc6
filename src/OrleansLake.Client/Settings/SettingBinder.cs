using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using OrleansLake.Core.Parsing;

namespace OrleansLake.Client.Settings;

/// <summary>
/// Puts a section of the configuration into an object, and lets nothing fall away: a name that is not known, a value that
/// cannot be read, a list where a value is expected or the other way round, an empty list, an item without what it needs.
/// </summary>
/// <remarks>
/// .NET's own binder leaves out what it does not know and silently every item of a list that it cannot make: a key
/// whose scope was misspelt was not a key, and without keys a lake was open.
/// </remarks>
[RequiresUnreferencedCode(Trimming)]
internal sealed class SettingBinder
{
    /// <summary>The warning that a trimmed application gets.</summary>
    internal const string Trimming = "Options are read from the configuration by reflection. In a trimmed application set them in code: AddOrleansLakeClient(services, name, configure).";

    private static readonly string[] SecretWords = ["secret", "password", "key", "token", "sha", "connection", "sql"];

    private readonly List<string> _problems = [];

    private SettingBinder()
    {
    }

    /// <summary>Reads a section into an object; gives what is wrong, a sentence each, and nothing if all of it went in.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="path">The section, such as <c>OrleansLake</c>.</param>
    /// <param name="target">What its settings go into; lists in it are added to.</param>
    /// <param name="others">Names in the section that others read, or report: <c>Name</c>, or <c>Group:Name</c>.</param>
    /// <param name="meaningless">Names of the object's that mean nothing here, and are refused.</param>
    internal static IReadOnlyList<string> Bind(
        IConfiguration configuration, string path, object target, IReadOnlyCollection<string>? others = null, IReadOnlyCollection<string>? meaningless = null)
    {
        var binder = new SettingBinder();
        binder.BindGroup(configuration.GetSection(path), target, others ?? [], meaningless ?? []);
        return binder._problems;
    }

    /// <summary>Returns the names in a section that are not known, a sentence each: for settings that are read one by one.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="path">The section, such as <c>Lake</c>.</param>
    /// <param name="names">The names that there are in it.</param>
    /// <param name="groups">Those of them that hold settings, which others read.</param>
    internal static IReadOnlyList<string> Unknown(IConfiguration configuration, string path, IReadOnlyCollection<string> names, IReadOnlyCollection<string>? groups = null)
    {
        IConfigurationSection section = configuration.GetSection(path);
        var problems = new List<string>();
        if (section.Value is { } text)
        {
            problems.Add(HoldsSettings(section, text, names, mayBeSecret: false));
        }

        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (!names.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                problems.Add(IsUnknown(child, names, mayBeSecret: false));
            }
            else if (groups?.Contains(child.Key, StringComparer.OrdinalIgnoreCase) != true && child.GetChildren().FirstOrDefault() is { } inner)
            {
                problems.Add($"{inner.Path} is not a setting: {child.Path} has a value of its own");
            }
        }

        return problems;
    }

    private void BindGroup(IConfigurationSection section, object target, IReadOnlyCollection<string> others, IReadOnlyCollection<string> meaningless)
    {
        SettingMember[] members = [.. SettingMember.Of(target.GetType()).Where(member => !meaningless.Concat(others).Contains(member.Name, StringComparer.OrdinalIgnoreCase))];
        foreach ((IConfigurationSection child, SettingMember member) in Children(section, members, others, meaningless))
        {
            switch (member.Kind)
            {
                case SettingKind.Items:
                    BindItems(child, member, (IList?)member.Property.GetValue(target));
                    break;
                case SettingKind.Group:
                    object group = member.Property.GetValue(target) ?? Activator.CreateInstance(member.Type)!;
                    BindGroup(child, group, Within(others, member.Name), Within(meaningless, member.Name));
                    if (member.Property.CanWrite)
                    {
                        member.Property.SetValue(target, group);
                    }

                    break;
                default:
                    if (TryValue(child, member, out object? value))
                    {
                        member.Property.SetValue(target, value);
                    }

                    break;
            }
        }
    }

    private static string[] Within(IReadOnlyCollection<string> names, string group) =>
        [.. names.Where(name => name.StartsWith(group + ":", StringComparison.OrdinalIgnoreCase)).Select(name => name[(group.Length + 1)..])];

    // Those that are known; the others are reported.
    private IEnumerable<(IConfigurationSection Child, SettingMember Member)> Children(
        IConfigurationSection section, SettingMember[] members, IReadOnlyCollection<string> others, IReadOnlyCollection<string> meaningless)
    {
        string[] names = [.. members.Select(member => member.Name)];
        bool mayBeSecret = members.Any(member => member.IsSecret);
        if (section.Value is { } text)
        {
            _problems.Add(HoldsSettings(section, text, names, mayBeSecret));
        }

        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (others.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            if (members.FirstOrDefault(member => member.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase)) is { } known)
            {
                yield return (child, known);
            }
            else
            {
                _problems.Add(meaningless.Contains(child.Key, StringComparer.OrdinalIgnoreCase)
                    ? $"{child.Path} {SettingText.Shown(child.Value, mayBeSecret)}, which means nothing here: leave it out"
                    : IsUnknown(child, names, mayBeSecret));
            }
        }
    }

    private void BindItems(IConfigurationSection section, SettingMember member, IList? items)
    {
        string example = member.HasPlainItems ? $"{section.Path}:0" : $"{section.Path}:0:{SettingMember.Of(member.Type)[0].Name}";
        if (section.Value is { Length: > 0 } text)
        {
            _problems.Add($"{section.Path} {SettingText.Shown(text, !member.HasPlainItems)}: it is a list, whose first item is {example}");
        }

        IConfigurationSection[] children = [.. section.GetChildren()];
        if (children.Length == 0 && string.IsNullOrEmpty(section.Value))
        {
            _problems.Add($"{section.Path} is empty: give an item ({example}), or leave it out");
        }

        foreach (IConfigurationSection child in children)
        {
            if (!int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                _problems.Add($"{child.Path} is not a setting: {section.Path} is a list, whose first item is {example}");
                continue;
            }

            if (member.HasPlainItems ? TryValue(child, member, out object? item) : TryItem(child, member.Type, out item))
            {
                items!.Add(item);
            }
        }
    }

    private bool TryItem(IConfigurationSection section, Type type, out object? item)
    {
        item = null;
        int before = _problems.Count;
        SettingMember[] members = SettingMember.Of(type);
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach ((IConfigurationSection child, SettingMember member) in Children(section, members, [], []))
        {
            if (TryValue(child, member, out object? value))
            {
                values[member.Name] = value;
            }
        }

        ConstructorInfo constructor = type.GetConstructors().MaxBy(one => one.GetParameters().Length)!;
        string[] names = [.. members.Select(member => member.Name)];
        HashSet<string> told = [.. section.GetChildren().Select(child => NearestName.Of(child.Key, names)).OfType<string>()];
        foreach (ParameterInfo parameter in constructor.GetParameters().Where(one => !one.HasDefaultValue && !told.Contains(one.Name!)))
        {
            _problems.Add($"{section.Path}:{parameter.Name} is missing: give {SettingText.Expected(members.First(member => member.Name == parameter.Name))}");
        }

        if (_problems.Count > before)
        {
            return false;
        }

        item = constructor.Invoke([.. constructor.GetParameters().Select(parameter => values.TryGetValue(parameter.Name!, out object? value) ? value : parameter.DefaultValue)]);
        return true;
    }

    private bool TryValue(IConfigurationSection section, SettingMember member, out object? value)
    {
        value = null;
        if (section.GetChildren().FirstOrDefault() is { } inner)
        {
            _problems.Add($"{inner.Path} is not a setting: {section.Path} has one value, not a list or more settings; give {SettingText.Expected(member)}");
            return false;
        }

        // Null in a file says that there is none, where that can be; empty says nothing, and may be a variable that is not set.
        if (section.Value is null && member is { IsOptional: true, Kind: SettingKind.Value })
        {
            return true;
        }

        if (section.Value is "" && member is { IsOptional: true, Kind: SettingKind.Value })
        {
            _problems.Add($"{SettingProblems.Wrong(member, section.Value, section.Path)}, or leave it out");
            return false;
        }

        if (section.Value is not { } text || !SettingText.TryRead(text, member.Type, out value))
        {
            _problems.Add(SettingProblems.Wrong(member, section.Value, section.Path));
            return false;
        }

        if (SettingProblems.Of(member, value, section.Path) is { } problem)
        {
            _problems.Add(problem);
            return false;
        }

        return true;
    }

    private static string HoldsSettings(IConfigurationSection section, string text, IEnumerable<string> names, bool mayBeSecret) =>
        $"{section.Path} {SettingText.Shown(text, mayBeSecret)}: it has no value of its own, but {SettingText.Listed(names.Select(name => $"{section.Path}:{name}"), "and")}";

    private static string IsUnknown(IConfigurationSection child, IReadOnlyCollection<string> names, bool mayBeSecret)
    {
        string parent = ConfigurationPath.GetParentPath(child.Path)!;
        string? nearest = NearestName.Of(child.Key, names);

        // Beside a secret it may be one, unless it is plain what was meant.
        bool isSecret = (mayBeSecret && nearest is null) || SecretWords.Any(word => $"{child.Key} {nearest}".Contains(word, StringComparison.OrdinalIgnoreCase));
        string value = child.Value is null ? "" : $" (it {SettingText.Shown(child.Value, isSecret)})";
        string hint = nearest is not null ? $"did you mean {parent}:{nearest}? " : "";
        return $"{child.Path} is not a setting{value}: {hint}{parent} has {SettingText.Listed(names, "and")}";
    }
}
