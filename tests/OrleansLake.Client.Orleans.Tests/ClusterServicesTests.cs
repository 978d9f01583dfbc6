using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansLake.Client.Orleans;

namespace OrleansLake.Client.Tests;

public class ClusterServicesTests
{
    [Fact]
    public void A_cluster_and_lakes_over_HTTP_are_told_apart_by_name()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:one"] = "http://127.0.0.1:1";
        builder.AddOrleansLakeClient("one");
        builder.AddOrleansLakeCluster(silos => silos.UseLocalhostClustering(serviceId: "lake", clusterId: "lake"));
        using IHost app = builder.Build();
        Assert.IsType<GrainLakeClient>(app.Services.GetRequiredKeyedService<ILakeClient>(OrleansLakeClusterServices.ClusterName));
        Assert.IsType<HttpLakeClient>(app.Services.GetRequiredKeyedService<ILakeClient>("one"));
        Assert.IsType<HttpLakeClient>(app.Services.GetRequiredService<ILakeClient>());
    }

    [Fact]
    public void A_second_cluster_is_refused_and_not_taken_for_the_first()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddOrleansLakeCluster(silos => silos.UseLocalhostClustering(serviceId: "lake", clusterId: "lake"));
        InvalidOperationException told = Assert.Throws<InvalidOperationException>(
            () => builder.AddOrleansLakeCluster(silos => silos.UseLocalhostClustering(gatewayPort: 30001, serviceId: "other", clusterId: "other")));
        Assert.Contains("AddOrleansLakeClient", told.Message, StringComparison.Ordinal);
        using IHost app = builder.Build();
        Assert.IsType<GrainLakeClient>(app.Services.GetRequiredService<ILakeClient>());
    }
}
