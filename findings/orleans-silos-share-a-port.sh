#!/usr/bin/env bash
# Microsoft.Orleans.Server 10.4.2, .NET 10 on Linux, seen 2026-11-28.
#
# Two silos that are given the same silo port and the same gateway port both start, both listen, and neither says a word:
# the kernel gives each some of the connections, and each takes itself for the one that keeps the list of silos. A plain
# listener of .NET on that port fails with "address already in use". Orleans sets ReuseAddress on its listening sockets,
# and on Linux .NET makes SO_REUSEADDR and SO_REUSEPORT of it.
#
# Expected before running it: the second silo does not start, because its port is taken.
# Fails (exit 1) where the output is another.
set -euo pipefail
[ "$(uname)" = Linux ] || { echo 'seen on Linux only'; exit 1; }
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
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.Orleans.Server" Version="[10.4.2]" />
  </ItemGroup>
</Project>
PROJECT

cat >Program.cs <<'PROGRAM'
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;

int silo = FreePort(), gateway = FreePort();
using IHost first = Silo(), second = Silo();
Console.WriteLine($"first silo: {await StartAsync(first)}");
Console.WriteLine($"second silo: {await StartAsync(second)}");
Console.WriteLine($"plain listener: {Listen()}");
await Task.WhenAll(first.StopAsync(), second.StopAsync());

IHost Silo() => Host.CreateDefaultBuilder().ConfigureLogging(log => log.ClearProviders())
    .UseOrleans(builder => builder.UseLocalhostClustering(silo, gateway, new IPEndPoint(IPAddress.Loopback, silo))).Build();

static async Task<string> StartAsync(IHost host)
{
    try
    {
        await host.StartAsync();
        return "started";
    }
    catch (Exception e)
    {
        return e.GetType().Name;
    }
}

string Listen()
{
    using var listener = new TcpListener(IPAddress.Loopback, silo);
    try
    {
        listener.Start();
        return "started";
    }
    catch (SocketException e)
    {
        return e.SocketErrorCode.ToString();
    }
}

static int FreePort()
{
    using var listener = new TcpListener(IPAddress.Loopback, 0);
    listener.Start();
    return ((IPEndPoint)listener.LocalEndpoint).Port;
}
PROGRAM

dotnet run -c Release >seen 2>log || { cat log seen >&2; exit 1; }
cat seen
diff - seen <<'SEEN'
first silo: started
second silo: started
plain listener: AddressAlreadyInUse
SEEN
