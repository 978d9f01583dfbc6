namespace OrleansLake.Contracts;

/// <summary>A test that needs rabbitmq-server. Where it is not installed it is skipped, but not in CI: there it must be.</summary>
public class RabbitFactAttribute : FactAttribute
{
    public RabbitFactAttribute()
    {
        if (!RabbitBroker.IsInstalled && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Skip = "rabbitmq-server is not installed (Debian: apt-get install rabbitmq-server)";
        }
    }
}
