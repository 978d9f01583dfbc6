using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace OrleansLake.Silo.Tests;

public class SettingsTests
{
    [Fact]
    public void Every_problem_is_told_at_once_and_before_anything_starts()
    {
        SiloStartException e = Assert.Throws<SiloStartException>(() => SiloSettings.Read(With(("Cluster:Kind", "PostgreSql"), ("Silo:Port", "x"), ("Lake:Partitions", "0"))));
        Assert.Equal(
            ["Lake:Partitions", "Silo:Port", "Lake:Folder", "Cluster:PostgreSql"],
            e.Message.Split(Environment.NewLine).Select(line => line.Split(' ')[0]));
    }

    [Theory]
    [InlineData("mysql://lake:secret@db/x", "OrleansLake:Sinks:0 begins with mysql://, and a sink of this application begins with postgresql:// or postgres:// or kafka://.")]
    [InlineData("postgresql://lake:secret@db/x", "OrleansLake:Sinks:0: the sink cannot be used: a password is seen by others on a command line")]
    [InlineData("secret", "OrleansLake:Sinks:0 is not an address")]
    public void A_sink_that_cannot_be_is_reported_before_anything_starts_and_without_a_password(string address, string expected)
    {
        SiloStartException e = Assert.Throws<SiloStartException>(() => SiloSettings.Read(With(("Lake:Folder", "/lake"), ("OrleansLake:Sinks:0", address))));
        Assert.StartsWith(expected, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rabbitmq://u:secret@h/?quue=x", "OrleansLake:Sources:0: the source cannot be used: there is no parameter 'quue'")]
    [InlineData("rabbitmq://u:secret@h/?queue=a&prefetch=0", "OrleansLake:Sources:0: the source cannot be used: prefetch= is to be")]
    [InlineData("rabbitmq://u:secret@h/?queue=a&start=latest", "OrleansLake:Sources:0: the source cannot be used: start= is for streams")]
    public void A_queue_that_cannot_be_is_reported_before_anything_starts_and_without_a_password(string address, string expected)
    {
        SiloStartException e = Assert.Throws<SiloStartException>(() => SiloSettings.Read(With(("Lake:Folder", "/lake"), ("OrleansLake:Sources:0", address))));
        Assert.StartsWith(expected, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rabbitmq://u@h/?queue=a", false)]
    [InlineData("amqps://u@h/", false)]
    [InlineData("rabbitmq://u@h/?stream=a", true)]
    [InlineData("kafka://h/a", true)]
    public void Of_queues_alone_nothing_is_stored_of_grains(string address, bool haveGrains) =>
        Assert.Equal(haveGrains, SiloConnectors.HaveGrains(SiloSettings.Read(With(("Lake:Folder", "/lake"), ("OrleansLake:Sources:0", address)))));

    [Fact]
    public void A_folder_is_all_that_a_first_silo_needs()
    {
        SiloSettings settings = SiloSettings.Read(With(("Lake:Folder", "/lake")));
        Assert.Equal(("/lake", ClusteringKind.Localhost, 11111, 30000), (settings.Lake.Folder, settings.Cluster.Kind, settings.Silo.Port, settings.Silo.GatewayPort));
    }

    [Theory]
    [InlineData("127.0.0.1", "192.0.2.2", "192.0.2.2")]
    [InlineData("127.0.1.1", "172.17.0.1,192.0.2.2", "172.17.0.1")]
    [InlineData("10.0.0.5", "192.0.2.2", "10.0.0.5")]
    [InlineData("::1,127.0.0.1,10.0.0.5", "192.0.2.2", "10.0.0.5")]
    [InlineData("", "fe80::1,169.254.7.7,192.0.2.2", "192.0.2.2")]
    [InlineData("127.0.0.1", "169.254.7.7", "127.0.0.1")]
    [InlineData("::1", "", "127.0.0.1")]
    public void A_silo_s_own_address_is_one_that_others_reach(string resolved, string interfaces, string expected)
    {
        Assert.Equal(expected, OwnAddress.Choose(Parse(resolved), Parse(interfaces)).ToString());

        static IPAddress[] Parse(string list) => [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)];
    }

    [Fact]
    public void Of_this_machine_an_address_other_than_loopback_is_taken_where_silos_may_be_on_others()
    {
        SiloSettings settings = SiloSettings.Read(With(("Lake:Folder", "/lake"), ("Cluster:Kind", "PostgreSql"), ("Cluster:PostgreSql", "Host=x")));
        bool hasOther = NetworkInterface.GetAllNetworkInterfaces().Where(one => one.OperationalStatus == OperationalStatus.Up && one.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(one => one.GetIPProperties().UnicastAddresses).Any(one => one.Address.AddressFamily == AddressFamily.InterNetwork && !one.Address.ToString().StartsWith("169.254.", StringComparison.Ordinal));
        Assert.True(!hasOther || !IPAddress.IsLoopback(settings.Address), settings.Address.ToString());
        Assert.Equal(IPAddress.Loopback, SiloSettings.Read(With(("Lake:Folder", "/lake"))).Address);
        Assert.Equal("127.0.0.1", SiloSettings.Read(With(("Lake:Folder", "/lake"), ("Cluster:Kind", "PostgreSql"), ("Cluster:PostgreSql", "Host=x"), ("Silo:Address", "127.0.0.1"))).Address.ToString());
    }

    [Fact]
    public void A_lake_in_a_container_needs_a_connection_string_and_no_folder()
    {
        SiloStartException e = Assert.Throws<SiloStartException>(() => SiloSettings.Read(With(("Lake:Store", "azure"))));
        Assert.StartsWith("Lake:ConnectionString", e.Message, StringComparison.Ordinal);
        SiloSettings settings = SiloSettings.Read(With(("Lake:Store", "azure"), ("Lake:ConnectionString", "UseDevelopmentStorage=true"), ("Lake:Container", "events")));
        Assert.Equal("http://127.0.0.1:10000/devstoreaccount1/events", settings.OpenStore().Location);
        Assert.StartsWith("Lake:Store", Assert.Throws<SiloStartException>(() => SiloSettings.Read(With(("Lake:Store", "tape"), ("Lake:Folder", "/lake")))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_is_wrong_for_the_kind_that_is_chosen_is_told()
    {
        Assert.StartsWith("Lake:Container is 'Bad_Name'", Problems(("Lake:Store", "azure"), ("Lake:ConnectionString", "UseDevelopmentStorage=true"), ("Lake:Container", "Bad_Name")), StringComparison.Ordinal);
        Assert.StartsWith("Lake:Folder is given", Problems(("Lake:Store", "azure"), ("Lake:ConnectionString", "UseDevelopmentStorage=true"), ("Lake:Folder", "/lake")), StringComparison.Ordinal);
        Assert.StartsWith("Lake:ConnectionString is not", Problems(("Lake:Store", "azure"), ("Lake:ConnectionString", "hello")), StringComparison.Ordinal);
        Assert.Equal("Cluster:PostgreSql is not a connection string of PostgreSQL: it has 'Hots', which is not known", Problems(("Lake:Folder", "/lake"), ("Cluster:Kind", "PostgreSql"), ("Cluster:PostgreSql", "Port=1;Hots=x;Password=y")));
        Assert.StartsWith("Cluster:PrimaryPort is given", Problems(("Lake:Folder", "/lake"), ("Cluster:Kind", "PostgreSql"), ("Cluster:PostgreSql", "Host=x"), ("Cluster:PrimaryPort", "11112")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Lake:Partitons", "Lake:Partitions")]
    [InlineData("Lake:partitionsx", "Lake:Partitions")]
    [InlineData("Http:Url", "Http:Urls")]
    [InlineData("Cluster:Postgres", "Cluster:PostgreSql")]
    [InlineData("Silo:Gateway", "Silo:GatewayPort")]
    [InlineData("Lake:Folder:0", "Lake:Folder")]
    public void An_unknown_setting_is_refused_and_the_nearest_named(string name, string nearest)
    {
        string said = Problems((name, "4"), ("Lake:Folder", "/lake"));
        Assert.StartsWith($"{name} is not a setting", said, StringComparison.Ordinal);
        Assert.Contains($"the nearest is {nearest} ", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OrleansLake:Lake:Partitons", "Lake:Partitions")]
    [InlineData("OrleansLake:Http:Url", "Http:Urls")]
    public void So_is_one_in_the_section_OrleansLake(string name, string nearest)
    {
        string said = Problems((name, "4"), ("OrleansLake:Lake:Folder", "/lake"));
        Assert.StartsWith($"{name["OrleansLake:".Length..]} is not a setting; the nearest is {nearest} ", said, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.NewLine, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_are_bound_from_the_section_OrleansLake_and_by_their_old_names()
    {
        SiloSettings settings = SiloSettings.Read(With(
            ("OrleansLake:Lake:Folder", "/lake"), ("OrleansLake:Lake:Codec", "zstd"), ("OrleansLake:Silo:Port", "11112"), ("OrleansLake:Limits:FeedsMax", "5"),
            ("Silo:Port", "11112"), ("Lake:Partitions", "4"), ("Cluster:ProbeMs", "1000")));
        Assert.Equal(("/lake", Engine.LakeCodec.Zstd, 11112, 4, 1000), (settings.Lake.Folder, settings.Lake.Codec, settings.Silo.Port, settings.Lake.Partitions, settings.Cluster.ProbeMs));
    }

    [Fact]
    public void A_setting_that_is_given_by_both_names_and_differs_is_refused() =>
        Assert.Equal("Silo:Port and OrleansLake:Silo:Port are both given, and differ: leave one of them out.", Problems(("Lake:Folder", "/lake"), ("OrleansLake:Silo:Port", "11112"), ("Silo:Port", "11113")));

    [Fact]
    public void Every_setting_is_in_the_page_with_its_whole_name()
    {
        string page = File.ReadAllText(Path.Combine(TestSupport.Fixtures.Root, "docs", "cluster.md"));
        Assert.All(SettingNames.All, setting => Assert.Contains($"`OrleansLake:{setting.Name}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void A_name_with_one_underscore_is_refused() =>
        Assert.Equal("Lake_Partitions is not a setting; with two underscores it is Lake__Partitions.", Problems(("Lake_Partitions", "4"), ("Lake:Folder", "/lake")));

    [Fact]
    public void Settings_of_other_programs_and_sections_themselves_are_not_ours_to_refuse()
    {
        SiloSettings settings = SiloSettings.Read(With(
            ("Lake:Folder", "/lake"), ("LAKE", "x"), ("SILO", "y"), ("HTTP_PROXY", "z"), ("LAKE_PORT", "tcp://10.0.0.1:80"), ("Silos:Port", "1"), ("lake:triggerms", "100")));
        Assert.Equal(100, settings.Lake.TriggerMs);
    }

    [Theory]
    [InlineData("Lake:ConnectionString", "hello")]
    [InlineData("Lake:ConnectionString", "DefaultEndpointsProtocol=https;AccountName=a")]
    [InlineData("Lake:Container", "Bad_Name")]
    [InlineData("Lake:ConnectionString", "UseDevelopmentStorage=true")]
    [InlineData("Lake:Container", "mylake")]
    [InlineData("Cluster:PostgreSql", "Host=x")]
    [InlineData("Cluster:Id", "")]
    [InlineData("Http:Urls", "")]
    [InlineData("LAKE_DIR", "")]
    [InlineData("Lake:Store", "1")]
    [InlineData("Lake:Store", "folder,azure")]
    [InlineData("Lake:Partitions", "1025")]
    [InlineData("Lake:TriggerMs", "5s")]
    [InlineData("Cluster:PostgreSql", "hello")]
    [InlineData("Cluster:PostgreSql", "Hots=127.0.0.1")]
    [InlineData("Cluster:PostgreSql", "Username=lake")]
    [InlineData("Cluster:ProbeMs", "-1")]
    [InlineData("Silo:Port", "70000")]
    [InlineData("Silo:Port", "30000")]
    [InlineData("Http:Urls", "http://127.0.0.1:11111")]
    [InlineData("Http:Urls", "http://127.0.0.1:5080;https://127.0.0.1:30000")]
    [InlineData("Health:Urls", "")]
    [InlineData("Health:Urls", "http://127.0.0.1:30000")]
    [InlineData("Silo:Address", "10.0.0.1")]
    [InlineData("Silo:Address", "here")]
    [InlineData("Silo:WaitSeconds", "long")]
    public void A_value_that_cannot_be_meant_is_refused_in_one_line_that_names_the_setting(string name, string value)
    {
        string said = Problems((name, value), ("Lake:Folder", "/lake"));
        Assert.StartsWith(name, said, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.NewLine, said, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_needs_keys_is_told_with_all_else()
    {
        string[] told = Problems(("Lake:Folder", "/lake"), ("Cluster:Kind", "etcd"), ("Lake:TimeZone", "Mars"), ("Http:Urls", "http://0.0.0.0:0")).Split(Environment.NewLine);
        Assert.Equal(3, told.Length);
        Assert.Contains(told, line => line.Contains("Http:Keys", StringComparison.Ordinal));
    }

    [Fact]
    public void A_connection_string_that_is_refused_is_not_shown() =>
        Assert.DoesNotContain("hunter2", Problems(("Lake:ConnectionString", "AccountKey=hunter2"), ("Cluster:PostgreSql", "Hots=x;Password=hunter2"), ("Lake:Folder", "/lake")), StringComparison.Ordinal);

    [Theory]
    [InlineData("--Folder ./lake", "Folder is not a setting; the nearest is Lake:Folder (")]
    [InlineData("--lake ./lake", "lake is not a setting; the nearest is Lake:Folder (")]
    [InlineData("--gatewayport 1", "gatewayport is not a setting; the nearest is Silo:GatewayPort (")]
    [InlineData("--key keys.txt", "key is not a setting; the nearest is Http:Keys (")]
    [InlineData("./lake", "'./lake' is not a setting")]
    [InlineData("-v --Lake:Folder ./lake", "'-v' is not a setting")]
    [InlineData("--Lake:Folder", "--Lake:Folder has no value")]
    [InlineData("--urls http://127.0.0.1:5080", "urls is not a setting")]
    public void An_argument_that_says_nothing_is_refused(string arguments, string said) =>
        Assert.StartsWith(said, Assert.Throws<SiloStartException>(() => SiloSettings.Read(With(("Lake:Folder", "/lake")), arguments.Split(' '))).Message, StringComparison.Ordinal);

    private static string Problems(params (string Key, string Value)[] settings) => Assert.Throws<SiloStartException>(() => SiloSettings.Read(With(settings))).Message;

    private static IConfiguration With(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();
}
