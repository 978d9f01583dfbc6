// A lake whose reports are kept in files for programs that only read files:
//   dotnet run -c Release --project samples/SinkOfYourOwn -- --Folder=reports
// reports/report1.ndjson and reports/report2.ndjson are whole at every moment, and follow the lake within milliseconds.
using OrleansLake.Server;
using SinkOfYourOwn;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
string folder = builder.Configuration["Folder"] ?? "reports";
builder.Services.AddOrleansLake(options => options.Path = "./lake");
builder.Services.AddReportSink(_ => new FolderSink(folder));
WebApplication app = builder.Build();
app.MapOrleansLake();
await app.RunAsync();
