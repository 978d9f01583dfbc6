using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansLake.Server.Tests.Api;

public class OpenApiTests
{
    [Fact]
    public async Task The_description_has_every_route_and_the_server_takes_every_parameter_of_it()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        JsonElement document = await server.GetJsonAsync("/openapi/v1.json");
        JsonElement paths = document.GetProperty("paths");
        foreach (RouteEndpoint route in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            string path = "/" + route.RoutePattern.RawText!.TrimStart('/');
            if (path.StartsWith("/v1/", StringComparison.Ordinal) || path is "/health" or "/alive" or "/metrics")
            {
                foreach (string method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
                {
                    Assert.True(paths.GetProperty(path).TryGetProperty(method.ToLowerInvariant(), out _), $"{method} {path}");
                }
            }
        }

        foreach (JsonProperty path in paths.EnumerateObject())
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject().Where(operation => operation.Name == "get"))
            {
                foreach (JsonElement parameter in operation.Value.GetProperty("parameters").EnumerateArray().Where(one => one.GetProperty("in").GetString() == "query"))
                {
                    // Taken or not by its value, but never unknown.
                    string name = parameter.GetProperty("name").GetString()!;
                    using HttpResponseMessage response = await server.Http.GetAsync(
                        path.Name.Replace("{report}", "report1", StringComparison.Ordinal) + $"?{name}=%00", HttpCompletionOption.ResponseHeadersRead);
                    string text = response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync();
                    Assert.DoesNotContain("unknown-parameter", text, StringComparison.Ordinal);
                    Assert.True(response.IsSuccessStatusCode || operation.Value.GetProperty("responses").TryGetProperty($"{(int)response.StatusCode}", out _), $"{path.Name} {name}: {response.StatusCode}");
                }
            }
        }
    }
}
