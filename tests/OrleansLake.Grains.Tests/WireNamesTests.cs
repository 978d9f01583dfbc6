using System.Reflection;

namespace OrleansLake.Grains.Tests;

/// <summary>Names on the wire: given, so that silos of two versions understand each other when a type changes its namespace.</summary>
public class WireNamesTests
{
    private static readonly Type[] Types = typeof(IPartitionGrain).Assembly.GetTypes();

    [Fact]
    public void Every_type_and_call_on_the_wire_has_a_name_that_is_given()
    {
        Type[] grains = [.. Types.Where(type => type.IsInterface && type.IsAssignableTo(typeof(IGrain)))];
        MemberInfo[] said = [.. grains, .. Types.Where(type => type.IsDefined(typeof(GenerateSerializerAttribute), false)), .. grains.SelectMany(grain => grain.GetMethods())];
        Assert.True(said.Length > 50);
        Assert.All(said, one => Assert.True(one.IsDefined(typeof(AliasAttribute), false), $"{one.DeclaringType?.Name}.{one.Name} has no alias"));
    }
}
