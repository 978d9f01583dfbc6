using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLake.Client.Settings;
using OrleansLake.Server.Settings;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Settings;

/// <summary>Nothing that is configured and not understood lets a server start: what falls away may be the key that closes it.</summary>
public class StrictSettingsTests
{
    private const string Hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Secret = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    [Theory]
    [InlineData("Keys:0:Name=x|Keys:0:Scopes=reed|Keys:0:Sha256=" + Hash, "OrleansLake:Keys:0:Scopes is 'reed': give Ingest, Read, Admin or All, several with commas between (did you mean Read?)")]
    [InlineData("Keys:0:Name=x|Keys:0:Scope=Read|Keys:0:Sha256=" + Hash, "OrleansLake:Keys:0:Scope is not a setting (it is 'Read')", "did you mean OrleansLake:Keys:0:Scopes?", "has Name, Scopes and Sha256")]
    [InlineData("Keys:0:Name=x|Keys:0:Scopes=Read;Admin|Keys:0:Sha256=" + Hash, "OrleansLake:Keys:0:Scopes is 'Read;Admin'")]
    [InlineData("Keys:0:Name=x|Keys:0:Scopes=None|Keys:0:Sha256=" + Hash, "OrleansLake:Keys:0:Scopes is 'None'")]
    [InlineData("Keys:0:Name=x|Keys:0:Scopes=8|Keys:0:Sha256=" + Hash, "OrleansLake:Keys:0:Scopes is '8'")]
    [InlineData("Keys:0:Name=x|Keys:0:Scopes=|Keys:0:Sha256=" + Hash, "OrleansLake:Keys:0:Scopes is empty")]
    [InlineData("Keys:0:Name=x|Keys:0:Scopes:0=Read|Keys:0:Sha256=" + Hash, "OrleansLake:Keys:0:Scopes:0 is not a setting")]
    [InlineData("Keys:0:Name=x|Keys:0:Scopes=Read|Keys:0:Sha256=abc", "OrleansLake:Keys:0:Sha256 is 'abc': give the SHA-256 of a key, 64 hexadecimal digits")]
    [InlineData("Keys:0:Name=x|Keys:0:Scopes=Read|Keys:0:Sha256=", "OrleansLake:Keys:0:Sha256 is empty")]
    [InlineData("Keys:0:Scopes=Read|Keys:0:Sha256=" + Hash, "OrleansLake:Keys:0:Name is missing")]
    [InlineData("Keys:0:Name=x|Keys:0:Sha256=" + Hash, "OrleansLake:Keys:0:Scopes is missing: give Ingest, Read, Admin or All")]
    [InlineData("Keys:0:Name=x|Keys:0:Scopes=Read", "OrleansLake:Keys:0:Sha256 is missing")]
    [InlineData("Keys:0:Name= |Keys:0:Scopes=Read|Keys:0:Sha256=" + Hash, "OrleansLake:Keys:0:Name")]
    [InlineData("Keys:0:Name=x|Keys:0:Scopes=Read|Keys:0:Sha256=" + Hash + "|Keys:1:Name=y|Keys:1:Scopes=All|Keys:1:Sha256=" + Hash, "OrleansLake:Keys:1:Sha256", "OrleansLake:Keys:0:Sha256: each may occur once")]
    [InlineData("Keys:Name=x", "OrleansLake:Keys:Name is not a setting: OrleansLake:Keys is a list, whose first item is OrleansLake:Keys:0:Name")]
    [InlineData("Keys=x", "OrleansLake:Keys is")]
    [InlineData("Keys=", "OrleansLake:Keys is empty")]
    [InlineData("Keys:0=x", "OrleansLake:Keys:0 is")]
    [InlineData("Keys:0=", "OrleansLake:Keys:0 is empty")]
    [InlineData("Kyes:0:Name=x", "OrleansLake:Kyes is not a setting: did you mean OrleansLake:Keys?")]
    [InlineData("Limits:BodyBytesMaxx=5", "OrleansLake:Limits:BodyBytesMaxx is not a setting (it is '5'): did you mean OrleansLake:Limits:BodyBytesMax?")]
    [InlineData("Limits:BodyBytesMax=big", "OrleansLake:Limits:BodyBytesMax is 'big': give a whole number from 1 to 2147483647")]
    [InlineData("Limits:BodyBytesMax=99999999999", "OrleansLake:Limits:BodyBytesMax is '99999999999'")]
    [InlineData("Limits:BodyBytesMax=1.5", "OrleansLake:Limits:BodyBytesMax is '1.5'")]
    [InlineData("Limits:BodyBytesMax=", "OrleansLake:Limits:BodyBytesMax is empty")]
    [InlineData("Limits:BodyBytesMax:0=5", "OrleansLake:Limits:BodyBytesMax:0 is not a setting")]
    [InlineData("Limits=5", "OrleansLake:Limits is '5': it has no value of its own")]
    [InlineData("IsDurable=yes", "OrleansLake:IsDurable is 'yes': give true or false")]
    [InlineData("Trigger=soon", "OrleansLake:Trigger is 'soon': give a duration")]
    [InlineData("Trigger=5", "OrleansLake:Trigger is '5'")]
    [InlineData("Trigger=24:00:00", "OrleansLake:Trigger is '24:00:00'")]
    [InlineData("Trigger=-00:00:01", "OrleansLake:Trigger is '-00:00:01'")]
    [InlineData("DrainMax=00:00:00", "OrleansLake:DrainMax is '00:00:00'")]
    [InlineData("DrainMax=-00:00:01", "OrleansLake:DrainMax is '-00:00:01'")]
    [InlineData("Threads=many", "OrleansLake:Threads is 'many': give a whole number from 1 to 1024")]
    [InlineData("Partitions=0", "OrleansLake:Partitions is '0'")]
    [InlineData("TimeZone=Mars/Base", "OrleansLake:TimeZone is 'Mars/Base': give the name of a time zone")]
    [InlineData("AllowedOrigins:0=example.com", "OrleansLake:AllowedOrigins:0 is 'example.com': give an origin")]
    [InlineData("AllowedOrigins:0=https://example.com/path", "OrleansLake:AllowedOrigins:0 is 'https://example.com/path'")]
    [InlineData("AllowedOrigins:0=https://example.com:443", "without the port that its scheme has anyway")]
    [InlineData("AllowedOrigins:0=ftp://example.com", "OrleansLake:AllowedOrigins:0")]
    [InlineData("AllowedOrigins:0=https://user@example.com", "OrleansLake:AllowedOrigins:0")]
    [InlineData("AllowedOrigins:0=*", "OrleansLake:AllowedOrigins:0")]
    [InlineData("AllowedOrigins:0=", "OrleansLake:AllowedOrigins:0 is empty")]
    [InlineData("AllowedOrigins=https://example.com", "OrleansLake:AllowedOrigins is 'https://example.com': it is a list, whose first item is OrleansLake:AllowedOrigins:0")]
    [InlineData("Embed:Keys:0:Id=site|Embed:Keys:0:Secret=short", "OrleansLake:Embed:Keys:0:Secret is a text of 5 characters that is not shown: give at least 32 bytes as base64url")]
    [InlineData("Embed:Keys:0:Id=site|Embed:Keys:0:Secrt=" + Secret, "OrleansLake:Embed:Keys:0:Secrt is not a setting (it is a text of 43 characters that is not shown)")]
    [InlineData("Embed:Keys:0:Id=a|Embed:Keys:0:Secret=" + Secret + "|Embed:Keys:1:Id=A|Embed:Keys:1:Secret=" + Secret, "OrleansLake:Embed:Keys:1:Id is 'A', and so is OrleansLake:Embed:Keys:0:Id")]
    [InlineData("Embed:LifetimeMax=00:00:00", "OrleansLake:Embed:LifetimeMax is '00:00:00'")]
    [InlineData("Embed:FrameAncestors:0=self", "OrleansLake:Embed:FrameAncestors:0 is 'self'")]
    [InlineData("EmbedKeys:0:Id=a", "OrleansLake:EmbedKeys is not a setting")]
    [InlineData("Path=", "OrleansLake:Path is empty")]
    [InlineData("ScopeClaim=", "OrleansLake:ScopeClaim is empty: give a claim's name, or leave it out")]
    [InlineData("ScopeClaim= ", "OrleansLake:ScopeClaim is ' '")]
    [InlineData("TimeZone=", "OrleansLake:TimeZone is empty: give the name of a time zone such as Europe/Lisbon, or leave it out")]
    [InlineData("CountriesFile=", "OrleansLake:CountriesFile is empty: give the path of a file, or leave it out")]
    [InlineData("CountriesFile= ", "OrleansLake:CountriesFile is ' '")]
    [InlineData("Partitions=", "OrleansLake:Partitions is empty: give a whole number from 1 to ")]
    [InlineData("Threads=", "OrleansLake:Threads is empty")]
    [InlineData("Codec=3", "OrleansLake:Codec is '3': give Snappy, ")]
    [InlineData("Codec=-1", "OrleansLake:Codec is '-1'")]
    [InlineData("Codec=", "OrleansLake:Codec is empty")]
    [InlineData("Keys:0:Name=a|Keys:0:Sha256=" + Hash + "|Keys:0:Scopes=7", "OrleansLake:Keys:0:Scopes is '7': give Ingest, Read, Admin or All")]
    [InlineData("Keys:0:Name=a|Keys:0:Sha256=" + Hash + "|Keys:0:Scopes=Read, 4", "OrleansLake:Keys:0:Scopes is 'Read, 4'")]
    [InlineData("Embed:LifetimeMax=48:00:00", "OrleansLake:Embed:LifetimeMax is '48:00:00'", "two days are 2.00:00:00")]
    [InlineData("Trigger=2.00:00:00", "from 00:00:00.001 to 1.00:00:00")]
    [InlineData("Client=x", "OrleansLake:Client is not a setting")]
    [InlineData("Client:Foo=x", "OrleansLake:Client is not a setting")]
    [InlineData("Client:lake:Key=x", "OrleansLake:Client is not a setting")]
    public async Task What_is_not_understood_lets_no_application_start_and_is_named(string settings, params string[] expected)
    {
        using var scratch = new ScratchFolder();
        (string, string)[] pairs = [.. settings.Split('|').Select(one => one.Split('=', 2)).Select(pair => ("OrleansLake:" + pair[0], pair[1]))];
        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(scratch, pairs));
        Assert.All(expected, text => Assert.Contains(text, refused.Message, StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.False(Directory.Exists(scratch["lake"]));
    }

    [Theory]
    [InlineData("{\"OrleansLake\":{\"Keys\":[]}}", "OrleansLake:Keys is empty")]
    [InlineData("{\"OrleansLake\":{\"Keys\":null}}", "OrleansLake:Keys is empty")]
    [InlineData("{\"OrleansLake\":{\"Keys\":[null]}}", "OrleansLake:Keys:0")]
    [InlineData("{\"OrleansLake\":{\"Keys\":[{}]}}", "OrleansLake:Keys:0")]
    [InlineData("{\"OrleansLake\":{\"Keys\":{\"Name\":\"x\",\"Scopes\":\"All\"}}}", "OrleansLake:Keys:Name is not a setting")]
    [InlineData("{\"OrleansLake\":{\"Trigger\":null}}", "OrleansLake:Trigger is empty")]
    [InlineData("{\"OrleansLake\":{\"Trigger\":5}}", "OrleansLake:Trigger is '5'")]
    [InlineData("{\"OrleansLake\":{\"Limits\":[1]}}", "OrleansLake:Limits:0 is not a setting")]
    [InlineData("{\"OrleansLake\":\"x\"}", "OrleansLake is 'x'")]
    [InlineData("{\"OrleansLake\":{\"AllowedOrigins\":[[\"https://example.com\"]]}}", "OrleansLake:AllowedOrigins:0:0 is not a setting")]
    [InlineData("{\"OrleanLake\":{\"Keys\":[{\"Name\":\"x\"}]}}", "OrleanLake is not a setting; did you mean OrleansLake:...")]
    [InlineData("{\"OrleansLake_Keys\":[{\"Name\":\"x\"}]}", "OrleansLake_Keys is not a setting")]
    public void A_file_is_read_as_strictly(string json, string expected)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => LakeServerSettings.Bind(configuration, new LakeServerOptions(), ownsLake: true, hasClients: true, serve: null));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_right_goes_in()
    {
        const string Json = """
            {
              "OrleansLake": {
                "path": "/data/lake", "Trigger": "00:00:01.5", "TimeZone": null, "Partitions": null, "IsDurable": false,
                "Keys": [ { "name": "a", "scopes": "ingest, read", "sha256": "HASH" }, { "Name": "b", "Scopes": "All", "Sha256": "HASI" } ],
                "Limits": { "StreamsMax": 0, "BodiesBytesMax": 99999999999 },
                "AllowedOrigins": [ "https://example.com", "http://localhost:8080/" ],
                "Embed": { "Keys": [ { "Id": "site", "Secret": "SECRET" } ], "FrameAncestors": [ "'self'" ], "LifetimeMax": "01:00:00" },
                "Client": { "TriesMax": 2 }
              },
              "OrleansLakeOfOthers": { "Path": "x" }
            }
            """;
        string json = Json.Replace("HASH", Hash, StringComparison.Ordinal).Replace("HASI", Hash[..^1] + "0", StringComparison.Ordinal).Replace("SECRET", Secret, StringComparison.Ordinal);
        IConfiguration configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
        var options = new LakeServerOptions();
        LakeServerSettings.Bind(configuration, options, ownsLake: true, hasClients: true, serve: null);
        LakeServerSettings.Check(options);
        Assert.Equal(("/data/lake", TimeSpan.FromSeconds(1.5), null, null, false), (options.Path, options.Trigger, options.TimeZone, options.Partitions, options.IsDurable));
        Assert.Equal([new LakeApiKey("a", LakeScopes.Ingest | LakeScopes.Read, Hash), new LakeApiKey("b", LakeScopes.All, Hash[..^1] + "0")], options.Keys);
        Assert.Equal((0, 99999999999), (options.Limits.StreamsMax, options.Limits.BodiesBytesMax));
        Assert.Equal(new LakeServerLimits().BodyBytesMax, options.Limits.BodyBytesMax);
        Assert.Equal(["https://example.com", "http://localhost:8080/"], options.AllowedOrigins);
        Assert.Equal(new EmbedKey("site", Secret), options.Embed.Keys.Single());
        Assert.Equal((TimeSpan.FromHours(1), "'self'"), (options.Embed.LifetimeMax, options.Embed.FrameAncestors.Single()));
    }

    [Fact]
    public void What_is_said_of_a_folder_means_nothing_to_a_server_over_somebody_elses_lake()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection([new("OrleansLake:Trigger", "00:00:01"), new("OrleansLake:DrainMax", "00:00:01")]).Build();
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => LakeServerSettings.Bind(configuration, new LakeServerOptions(), ownsLake: false, hasClients: false, serve: null));
        Assert.Equal("OrleansLake:Trigger is '00:00:01', which means nothing here: leave it out", refused.Message);
    }

    [Fact]
    public async Task What_code_sets_is_looked_at_too()
    {
        using var scratch = new ScratchFolder();
        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(scratch, [], options =>
        {
            options.Keys.Add(new LakeApiKey("x", LakeScopes.None, "abc"));
            options.AllowedOrigins.Add("nowhere");
            options.Limits = new LakeServerLimits { FeedsMax = 0 };
        }));
        foreach (string path in (string[])["OrleansLake:Keys:0:Scopes", "OrleansLake:Keys:0:Sha256", "OrleansLake:AllowedOrigins:0", "OrleansLake:Limits:FeedsMax"])
        {
            Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Settings_that_are_read_one_by_one_are_held_against_their_names()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Lake:Partitons", "4"), new("Lake:Folder:x", "y"), new("Lake:ConectionString", "AccountKey=abc;")]).Build();
        IReadOnlyList<string> problems = SettingBinder.Unknown(configuration, "Lake", ["Partitions", "Folder", "ConnectionString"]);
        Assert.Contains("Lake:Partitons is not a setting (it is '4'): did you mean Lake:Partitions? Lake has Partitions, Folder and ConnectionString", problems);
        Assert.Contains("Lake:Folder:x is not a setting: Lake:Folder has a value of its own", problems);
        Assert.Contains(problems, problem => problem.StartsWith("Lake:ConectionString is not a setting (it is a text of 15 characters that is not shown)", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("OrleansLake__Keys__0__Scopes", "reed", "OrleansLake:Keys:0:Scopes is 'reed'")]
    [InlineData("ORLEANSLAKE__LIMITS__STREAMSMAXX", "5", "LIMITS:STREAMSMAXX is not a setting")]
    [InlineData("OrleansLake_Limits_StreamsMax", "5", "two underscores")]
    [InlineData("OrleansLake__AllowedOrigins", "https://example.com", "OrleansLake:AllowedOrigins:0")]
    [InlineData("OrleansLake__Trigger", "5s", "OrleansLake:Trigger is '5s'")]
    public void Serve_and_validate_end_with_2_and_a_line(string name, string value, string expected)
    {
        using var scratch = new ScratchFolder();
        foreach (string command in (string[])["serve", "validate"])
        {
            LakeResult result = LakeProcess.Run(new LakeCall(command, "--lake", scratch["lake"], "--urls", "http://127.0.0.1:0") { Environment = new Dictionary<string, string?> { [name] = value } });
            Assert.Equal(2, result.ExitCode);
            Assert.StartsWith("lake: ", result.Error, StringComparison.Ordinal);
            Assert.Contains(expected, result.Error, StringComparison.Ordinal);
            Assert.All(result.Error.TrimEnd('\n').Split('\n'), line => Assert.StartsWith("lake: ", line, StringComparison.Ordinal));
            Assert.False(Directory.Exists(scratch["lake"]));
        }
    }

    [Theory]
    [InlineData("--allow-origin", "example.com")]
    [InlineData("--frame-ancestor", "self")]
    [InlineData("--allowed-hosts", "http://example.com")]
    [InlineData("--allowed-hosts", "example.com:5080")]
    public void An_option_that_is_wrong_is_named(string option, string value)
    {
        LakeResult result = LakeProcess.Run("serve", option, value);
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith($"lake: {option} is '{value}': give ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shop reed " + Hash, "line 1: Scopes is 'reed': give Ingest, Read, Admin or All, several with commas between (did you mean Read?)")]
    [InlineData("shop read abc", "line 1: Sha256 is 'abc'")]
    [InlineData("shop read olk_the-key-itself", "line 1: Sha256 is a text of 18 characters that is not shown")]
    [InlineData("shop " + Hash, "line 1: a name, scopes")]
    [InlineData("# nothing\n", "holds no key")]
    [InlineData("a read " + Hash + "\na admin 1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "line 2: Name is 'a', as in line 1")]
    [InlineData("a read " + Hash + "\nb admin " + Hash, "line 2: Sha256")]
    public void A_line_of_a_key_file_that_is_wrong_is_named(string text, string expected)
    {
        using var scratch = new ScratchFolder();
        File.WriteAllText(scratch["keys"], text);
        string message = Assert.Throws<ServeSettingsException>(() => KeyFile.Read(scratch["keys"])).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain("olk_", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_is_added_once_and_behind_a_last_line_without_its_end()
    {
        using var scratch = new ScratchFolder();
        File.WriteAllText(scratch["keys"], $"shop read {Hash}");
        KeyFile.Add(scratch["keys"], LakeApiKey.Create("other").Key);
        Assert.Equal(["shop", "other"], KeyFile.Read(scratch["keys"]).Select(key => key.Name));
        Assert.Throws<ServeSettingsException>(() => KeyFile.Add(scratch["keys"], LakeApiKey.Create("shop").Key));
        EmbedKeyFile.Add(scratch["embed"], EmbedKey.Create("site"));
        Assert.Throws<ServeSettingsException>(() => EmbedKeyFile.Add(scratch["embed"], EmbedKey.Create("site")));
        Assert.Equal("site", EmbedKeyFile.Read(scratch["embed"]).Single().Id);
    }

    [Fact]
    public void What_is_not_given_to_serve_stays_as_the_environment_has_it()
    {
        using var scratch = new ScratchFolder();
        LakeResult result = LakeProcess.Run(new LakeCall("validate") { WorkingFolder = scratch.Path, Environment = new Dictionary<string, string?> { ["OrleansLake__Path"] = scratch["elsewhere"] } });
        Assert.Contains(scratch["elsewhere"], result.Output + result.Error, StringComparison.Ordinal);
    }

    private static async Task StartAsync(ScratchFolder scratch, IEnumerable<(string Name, string Value)> settings, Action<LakeServerOptions>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration["OrleansLake:Path"] = scratch["lake"];
        foreach ((string name, string value) in settings)
        {
            builder.Configuration[name] = value;
        }

        builder.Services.AddOrleansLake(configure);
        await using WebApplication app = builder.Build();
        app.MapOrleansLake();
        await app.StartAsync();
    }
}
