using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace OrleansLake.Client.Settings;

/// <summary>A property that can be configured, and what is allowed there.</summary>
[RequiresUnreferencedCode(SettingBinder.Trimming)]
internal sealed class SettingMember
{
    private static readonly ConcurrentDictionary<Type, SettingMember[]> Known = new();

    private readonly bool _isNullableValue;
    private bool? _isOptional;

    private SettingMember(PropertyInfo property, SettingKind kind, Type type)
    {
        Property = property;
        Kind = kind;
        Type = Nullable.GetUnderlyingType(type) ?? type;
        _isNullableValue = Type != type;

        // Asked for once and together: each question reads the property's metadata, at every start of a server.
        foreach (Attribute attribute in Attribute.GetCustomAttributes(property, inherit: false))
        {
            switch (attribute)
            {
                case RequiredAttribute:
                    IsRequired = true;
                    break;
                case UniqueSettingAttribute:
                    IsUnique = true;
                    break;
                case DataTypeAttribute data:
                    IsSecret = data.DataType == DataType.Password;
                    break;
                case RangeAttribute range:
                    Range = range;
                    break;
                case SettingRuleAttribute rule:
                    Rule = rule;
                    break;
            }
        }
    }

    internal PropertyInfo Property { get; }

    internal string Name => Property.Name;

    internal SettingKind Kind { get; }

    /// <summary>Gets the type of the value, of each item, or of the group; what may be null is what it is if it is not.</summary>
    internal Type Type { get; }

    /// <summary>Gets a value indicating whether it may be null, and is then not set.</summary>
    internal bool IsOptional => _isOptional ??=
        _isNullableValue || (!Property.PropertyType.IsValueType && new NullabilityInfoContext().Create(Property).ReadState == NullabilityState.Nullable);

    internal bool IsRequired { get; }

    internal bool IsUnique { get; }

    /// <summary>Gets a value indicating whether its value is never shown.</summary>
    internal bool IsSecret { get; }

    internal RangeAttribute? Range { get; }

    internal SettingRuleAttribute? Rule { get; }

    /// <summary>Gets a value indicating whether the items of the list hold values, not settings of their own.</summary>
    internal bool HasPlainItems => IsValue(Type);

    /// <summary>Returns what can be configured of a type.</summary>
    internal static SettingMember[] Of(Type type) => Known.GetOrAdd(type, static one =>
        [.. one.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0).Select(Read).OfType<SettingMember>()]);

    private static SettingMember? Read(PropertyInfo property)
    {
        Type type = property.PropertyType;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>))
        {
            return new SettingMember(property, SettingKind.Items, type.GetGenericArguments()[0]);
        }

        return IsValue(type) && property.CanWrite ? new SettingMember(property, SettingKind.Value, type)
            : type.IsClass && !typeof(IEnumerable).IsAssignableFrom(type) && type.Namespace!.StartsWith(nameof(OrleansLake), StringComparison.Ordinal) ? new SettingMember(property, SettingKind.Group, type)
            : null;
    }

    private static bool IsValue(Type type)
    {
        Type value = Nullable.GetUnderlyingType(type) ?? type;
        return value.IsEnum || value.IsPrimitive || value == typeof(string) || value == typeof(TimeSpan) || value == typeof(Uri);
    }
}
