#!/usr/bin/env bash
# Microsoft.Extensions.Configuration.Binder 10.0.15, .NET 10, seen 2026-11-28.
#
# An entry of a list that does not bind is silently dropped: of two keys with rights "Read" and "reed" one is left,
# of the numbers 1, x, 3 the second goes and the third takes its place. The same text in a property that is not in a
# list throws InvalidOperationException. With EnableConfigurationBindingGenerator, which is to replace the reflection
# by generated code that does the same, both lists throw as well: a compiler switch decides whether a misspelt entry of
# an access list stops the program or vanishes.
#
# Expected before running it: both binders throw in all three cases, because scalars do.
# Fails (exit 1) where the output is another.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >app.csproj <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <EnableConfigurationBindingGenerator>$(Generated)</EnableConfigurationBindingGenerator>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.Extensions.Configuration.Binder" Version="[10.0.15]" />
  </ItemGroup>
</Project>
PROJECT

cat >Program.cs <<'PROGRAM'
using Microsoft.Extensions.Configuration;

IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
{
    ["One:Rights"] = "reed",
    ["List:Keys:0:Name"] = "a",
    ["List:Keys:0:Rights"] = "Read",
    ["List:Keys:1:Name"] = "b",
    ["List:Keys:1:Rights"] = "reed",
    ["Numbers:Values:0"] = "1",
    ["Numbers:Values:1"] = "x",
    ["Numbers:Values:2"] = "3",
}).Build();
Show("property", () => settings.GetSection("One").Get<Key>()!.Rights.ToString());
Show("list of objects", () => string.Join(',', settings.GetSection("List").Get<KeyList>()!.Keys.Select(key => key.Name)));
Show("list of numbers", () => string.Join(',', settings.GetSection("Numbers").Get<Numbers>()!.Values));

static void Show(string what, Func<string> bind)
{
    try
    {
        Console.WriteLine($"{what}: {bind()}");
    }
    catch (InvalidOperationException)
    {
        Console.WriteLine($"{what}: throws");
    }
}

public enum Rights { None, Read, Write }
public sealed class Key { public string Name { get; set; } = ""; public Rights Rights { get; set; } }
public sealed class KeyList { public List<Key> Keys { get; set; } = []; }
public sealed class Numbers { public List<int> Values { get; set; } = []; }
PROGRAM

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
problems=0
expect() {
  rm -rf bin obj
  seen=$(dotnet run -c Release --property:Generated="$1")
  printf -- '-- EnableConfigurationBindingGenerator=%s\n%s\n' "$1" "$seen"
  [ "$seen" = "$2" ] || problems=1
}
expect false $'property: throws\nlist of objects: a\nlist of numbers: 1,3'
expect true $'property: throws\nlist of objects: throws\nlist of numbers: throws'
[ "$problems" -eq 0 ] && echo 'as stated' || { echo 'it behaves in another way now'; exit 1; }
