// A lake that reads a file to which another program appends a message on each line:
//   dotnet run -c Release --project samples/SourceOfYourOwn -- --File=messages.ndjson
// Each line is in the lake once, wherever this process ends.
using OrleansLake.Server;
using SourceOfYourOwn;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
string file = builder.Configuration["File"] ?? "messages.ndjson";
builder.Services.AddOrleansLake(options => options.Path = "./lake");
builder.Services.AddTopicSource(_ => new LinesSource(file));
WebApplication app = builder.Build();
app.MapOrleansLake();
await app.RunAsync();
