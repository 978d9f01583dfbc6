using OrleansLake.Server.Errors;

namespace OrleansLake.Server.Hosting;

/// <summary>Answers what no route answers.</summary>
internal sealed class StatusAnswers(ServeSettings settings) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseStatusCodePages(context => WriteStatusAsync(context.HttpContext, settings));
        next(app);
    };

    private static Task WriteStatusAsync(HttpContext context, ServeSettings settings) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => Problem.WriteAsync(context, 404, "not-found", "There is nothing here; /openapi/v1.json lists what there is."),
        StatusCodes.Status405MethodNotAllowed => Problem.WriteAsync(context, 405, "method-not-allowed", $"This takes {context.Response.Headers.Allow} only."),
        StatusCodes.Status400BadRequest when context.GetEndpoint() is null => Problem.WriteAsync(context, 400, "wrong-host", $"The server is not called '{context.Request.Host}'; " + (settings.AllowedHostsSetting is { } setting ? $"{setting} names what it is called, if not localhost." : "it is called localhost, or by the loopback address that it listens on.")),
        int status => Problem.WriteAsync(context, status, "bad-request", "The request cannot be answered."),
    };
}
