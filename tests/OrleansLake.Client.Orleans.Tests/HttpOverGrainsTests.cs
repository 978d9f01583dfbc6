using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLake.Contracts;
using OrleansLake.Server;
using OrleansLake.Server.Settings;

namespace OrleansLake.Client.Tests;

/// <summary>The contract over HTTP, with a server in front of the grains of two silos.</summary>
public sealed class HttpOverGrainsTests : LakeClientContract, IDisposable
{
    private readonly GrainLakeClientTests _cluster = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http = new();
    private HttpLakeClient _client = null!;
    private Task _serving = Task.CompletedTask;

    protected override ILakeClient Lake => _client;

    protected override bool AsksAgain => true;

    public override async Task InitializeAsync()
    {
        await _cluster.InitializeAsync();
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _serving = LakeWebServer.RunAsync(
            new ServeSettings
            {
                Urls = ["http://127.0.0.1:0"],
                OwnsLake = false,
                AddServices = services => services.AddSingleton<ILakeClient>(_cluster.Grains),
                LogLevel = LogLevel.Error,
                Configure = options => options.Limits = options.Limits with { BodyBytesMax = BodyBytesMax },
                Started = urls => listening.SetResult(urls.Single()),
            },
            _stop.Token);
        await Task.WhenAny(listening.Task, _serving);
        var options = new LakeHttpOptions { BaseAddress = new Uri(await listening.Task), Reports = Reports };
        _client = new HttpLakeClient(HttpLakeClient.Configure(_http, options), options);
    }

    public override async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_form_is_one_record()
    {
        await Lake.SetMappingAsync("twilio", """{"fields":{"timestamp":{"format":"receipt"},"message_id":"MessageSid","event_type":{"from":"MessageStatus","case":"upper"},"channel":{"constant":"SMS"}}}""");
        using var form = new FormUrlEncodedContent([new("MessageSid", "SM+1"), new("MessageStatus", "sent"), new("user_id", "7")]);
        using HttpResponseMessage answer = await _http.PostAsync(new Uri("v1/messages?mapping=twilio&wait=report", UriKind.Relative), form);
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        MessageCopy copy = Assert.Single((await Lake.GetMessageAsync("SM+1")).Copies);
        Assert.Equal(("SENT", "SMS", 7), (copy.EventType, copy.Channel, copy.UserId));
    }

    public void Dispose()
    {
        _http.Dispose();
        _stop.Dispose();
        _cluster.Dispose();
    }
}
