// A site of another origin than the lake, with nothing of it inside: its pages show reports by the web component, behind
// tokens that this server signs for the customer who is logged in.
//
//   lake embed-key site --embed-keys embed-keys.txt          prints the secret
//   lake serve --embed-keys embed-keys.txt --allow-origin http://127.0.0.1:5095 --frame-ancestor http://127.0.0.1:5095
//   dotnet run --project samples/ReportInYourSite -- --Lake:Secret=THE-SECRET     then http://127.0.0.1:5095

using System.Text.Encodings.Web;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
IConfigurationSection settings = builder.Configuration.GetSection("Lake");
var lake = new Uri(settings["Address"]!);
TimeSpan lifetime = settings.GetValue("TokenLifetime", TimeSpan.FromMinutes(5));
if (string.IsNullOrEmpty(settings["Secret"]))
{
    Console.Error.WriteLine("The secret of the embed key is needed: --Lake:Secret=... (`lake embed-key site` makes one and prints it).");
    return 2;
}

var signer = new EmbedTokenSigner(settings["KeyId"]!, settings["Secret"]!, TimeProvider.System);
WebApplication app = builder.Build();

// A site with a strict policy of its own: the lake is the one other origin that it takes anything from.
string origin = lake.GetLeftPart(UriPartial.Authority);
string policy = $"default-src 'none'; style-src 'self'; script-src 'self' {origin}; connect-src 'self' {origin}; frame-src {origin}; img-src 'self'";
app.Use((context, next) =>
{
    context.Response.Headers.ContentSecurityPolicy = policy;
    return next(context);
});
app.UseStaticFiles();

string page = File.ReadAllText(Path.Combine(app.Environment.WebRootPath, "page.html"))
    .Replace("{{lake}}", HtmlEncoder.Default.Encode(lake.ToString()), StringComparison.Ordinal);
app.MapGet("/", () => Results.Content(page, "text/html; charset=utf-8"));

// Here is the site's own log-in; this customer may see e-mail, and the three most active users.
app.MapGet("/lake-token", (HttpContext context) =>
{
    context.Response.Headers.CacheControl = "no-store";
    var reports = new { report1 = new { channel = "EMAIL" }, report2 = new { top = 3 } };
    return Results.Text(signer.Sign("customer 42", reports, lifetime));
});

app.Run();
return 0;
