using System.Buffers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansLake.Client;

namespace OrleansLake.Server.Tests.Client;

public class ClientServicesTests
{
    [Fact]
    public async Task A_connection_string_and_a_section_are_all_that_an_application_needs()
    {
        (string text, LakeApiKey key) = LakeApiKey.Create("app", LakeScopes.All);
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.Keys.Add(key));
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:lake"] = server.Address.ToString();
        builder.Configuration["OrleansLake:Client:Key"] = text;
        builder.Configuration["OrleansLake:Client:TriesMax"] = "2";
        builder.AddOrleansLakeClient("lake", options => options.RetryDelay = TimeSpan.FromMilliseconds(1));
        using IHost app = builder.Build();
        await app.StartAsync();

        LakeHttpOptions options = app.Services.GetRequiredService<IOptions<LakeHttpOptions>>().Value;
        Assert.Equal((2, TimeSpan.FromMilliseconds(1)), (options.TriesMax, options.RetryDelay));
        ILakeClient client = app.Services.GetRequiredService<ILakeClient>();
        var body = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(ServerUnderTest.Line("a")));
        Assert.Equal(1, (await client.SendAsync(body, new SendOptions { WaitForReports = true })).Accepted);
        Assert.Equal(1, (await client.GetReportAsync(new ReportQuery { Report = "report1" })).Table.GrandTotal);
        await app.StopAsync();
    }

    [Theory]
    [InlineData(null, "5")]
    [InlineData("http://127.0.0.1:1", "0")]
    public async Task What_is_missing_or_wrong_is_told_when_the_application_starts(string? address, string tries)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:lake"] = address;
        builder.Configuration["OrleansLake:Client:TriesMax"] = tries;
        builder.AddOrleansLakeClient("lake");
        using IHost app = builder.Build();
        await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());
    }
}
