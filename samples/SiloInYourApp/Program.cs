using OrleansLake.Client.Orleans;
using OrleansLake.Server;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);

// The silo. On more than one machine: another clustering of Orleans, and a folder or store that all silos reach.
builder.UseOrleans(silo => silo.UseLocalhostClustering(serviceId: "lake", clusterId: "lake").AddLake("./lake"));

// ILakeClient for the application's own code, over the grains of all silos; the API and the dashboard over that.
builder.Services.AddOrleansLakeCluster();
builder.Services.AddOrleansLakeServer();

WebApplication app = builder.Build();
app.MapOrleansLake();
app.MapOrleansLakeHealth();
app.MapOrleansLakeDashboard();
app.Run();
