using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using OrleansLake.Client;

namespace WebhookReceiver;

/// <summary>The application: a route for each service whose key, token or topic is given (<c>Webhooks:...</c>).</summary>
internal static class Receiver
{
    // SNS and Twilio send one event at a time, SendGrid at most some hundred kilobytes.
    private const int BodyBytesMax = 4 * 1024 * 1024;

    internal static WebApplication Build(string[] args, Action<IServiceCollection>? addServices = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = BodyBytesMax);
        builder.AddOrleansLakeClient("lake");
        builder.Services.AddHttpClient<SnsMessages>();
        addServices?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        IConfigurationSection settings = app.Configuration.GetSection("Webhooks");

        if (settings["SendGridKey"] is { Length: > 0 } sendGrid)
        {
            app.MapPost("/webhooks/sendgrid", (HttpRequest request, ILakeClient lake) => SendGridAsync(request, sendGrid, lake));
        }

        if (settings["TwilioToken"] is { Length: > 0 } twilio)
        {
            app.MapPost("/webhooks/twilio", (HttpRequest request, ILakeClient lake) => TwilioAsync(request, twilio, settings["TwilioAddress"], lake));
        }

        if (settings["SnsTopic"] is { Length: > 0 } topic)
        {
            app.MapPost("/webhooks/ses", (HttpRequest request, SnsMessages messages, ILakeClient lake) => SesAsync(request, topic, messages, lake));
        }

        return app;
    }

    private static async Task<IResult> SendGridAsync(HttpRequest request, string publicKey, ILakeClient lake)
    {
        byte[] body = await ReadAsync(request);
        return Signatures.IsSendGrids(publicKey, request.Headers["X-Twilio-Email-Event-Webhook-Signature"], request.Headers["X-Twilio-Email-Event-Webhook-Timestamp"], body)
            // The same batch is sent again where an answer was lost; each event in it has an id, so another batch has other bytes.
            ? await SendAsync(lake, body, "sendgrid", Convert.ToHexStringLower(SHA256.HashData(body)))
            : Results.Unauthorized();
    }

    private static async Task<IResult> TwilioAsync(HttpRequest request, string token, string? address, ILakeClient lake)
    {
        Dictionary<string, StringValues> form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(await ReadAsync(request)));

        // Twilio signs the address that it was given, which a proxy in front may have changed on its way here.
        string url = (string.IsNullOrEmpty(address) ? UriHelper.BuildAbsolute(request.Scheme, request.Host) : address).TrimEnd('/') + request.GetEncodedPathAndQuery();
        if (!Signatures.IsTwilios(token, request.Headers["X-Twilio-Signature"], url, form))
        {
            return Results.Unauthorized();
        }

        // What the application wrote behind the address (?user_id=1001), of which Twilio knows nothing, becomes a field as well.
        IEnumerable<KeyValuePair<string, StringValues>> fields = form.Concat(request.Query.Where(own => !form.ContainsKey(own.Key)));
        byte[] record = JsonSerializer.SerializeToUtf8Bytes(fields.ToDictionary(field => field.Key, field => field.Value.ToString()));
        return await SendAsync(lake, record, "twilio", request.Headers["I-Twilio-Idempotency-Token"]);
    }

    private static async Task<IResult> SesAsync(HttpRequest request, string topic, SnsMessages messages, ILakeClient lake)
    {
        byte[] body = await ReadAsync(request);
        if (await messages.VerifyAsync(body, topic, request.HttpContext.RequestAborted) is not { } message)
        {
            return Results.Unauthorized();
        }

        if (message.Type == "Notification")
        {
            return await SendAsync(lake, body, "ses", message.MessageId);
        }

        await messages.ConfirmAsync(message, request.HttpContext.RequestAborted);
        return Results.NoContent();
    }

    // What cannot be mapped is in the lake's quarantine, and need not come again. After anything else the service tries again.
    private static async Task<IResult> SendAsync(ILakeClient lake, byte[] body, string mapping, string? key)
    {
        var options = new SendOptions { IsJsonText = true, Mapping = mapping, IdempotencyKey = string.IsNullOrEmpty(key) ? null : $"{mapping} {key}" };
        SendResult result = await lake.SendAsync(new ReadOnlySequence<byte>(body), options);
        return result.Status == SendStatus.Stored ? Results.NoContent() : Results.Problem(result.Detail, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return body.ToArray();
    }
}
