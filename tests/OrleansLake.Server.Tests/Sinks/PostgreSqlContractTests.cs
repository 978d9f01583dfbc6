using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OrleansLake.Client;
using OrleansLake.Core.Reports;
using OrleansLake.Sinks.PostgreSql;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Sinks;

public sealed class PostgreSqlContractTests : ReportSinkContract
{
    private protected override async Task<ITestPlace> NewPlaceAsync() => new Database(await PostgreSqlServer.StartAsync());

    private sealed class Database(PostgreSqlServer server) : ITestPlace
    {
        private string Address => $"postgresql://lake@127.0.0.1:{server.Port}/postgres";

        public void AddTo(IServiceCollection services) => services.AddPostgreSqlSink(Address);

        public IReportSink NewSink() => PostgreSqlTarget.TryParse(Address, out PostgreSqlTarget? target, out _) ? new PostgreSqlSink(target) : throw new InvalidOperationException(Address);

        public async Task<IEnumerable<JsonElement>> RowsAsync(ReportDefinition report)
        {
            await using var connection = new NpgsqlConnection(server.ConnectionString);
            await connection.OpenAsync();
            await using NpgsqlCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own.
            command.CommandText = $"select coalesce(json_agg(r), '[]')::text from orleanslake.{report.Name} r";
#pragma warning restore CA2100
            try
            {
                return JsonDocument.Parse((string)(await command.ExecuteScalarAsync())!).RootElement.EnumerateArray();
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
            {
                return [];
            }
        }

        public Task DownAsync() => server.DownAsync();

        public Task UpAsync() => server.UpAsync();

        public ValueTask DisposeAsync() => server.DisposeAsync();
    }
}
