using System.Collections.Frozen;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;

namespace OrleansLake.Server.Dashboard;

/// <summary>The dashboard's files. They are part of this assembly: nothing is read from the disk or from elsewhere.</summary>
internal sealed class DashboardAssets
{
    private const string Prefix = "dashboard/";
    private const string ApiMark = "{{api}}";

    private static readonly FrozenDictionary<string, string> ContentTypes = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [""] = "text/plain; charset=utf-8",
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<string, DashboardAsset> _byPath;

    /// <param name="apiPath">Where the API is, with a slash at its end.</param>
    internal DashboardAssets(string apiPath)
    {
        Assembly assembly = typeof(DashboardAssets).Assembly;
        var byPath = new Dictionary<string, DashboardAsset>(StringComparer.Ordinal);
        foreach (string name in assembly.GetManifestResourceNames())
        {
            // On Windows the build names resources with its own separator.
            string path = name.Replace('\\', '/');
            if (path.StartsWith(Prefix, StringComparison.Ordinal))
            {
                using Stream stream = assembly.GetManifestResourceStream(name)!;
                byte[] bytes = new byte[stream.Length];
                stream.ReadExactly(bytes);
                string extension = Path.GetExtension(path);
                byPath.Add(path[Prefix.Length..], new DashboardAsset(ContentTypes[extension], extension == ".html" ? WithApi(bytes, apiPath) : bytes));
            }
        }

        _byPath = byPath.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Returns the file at a path below the dashboard's own; null if there is none.</summary>
    internal DashboardAsset? Find(string path) => _byPath.GetValueOrDefault(path.Length == 0 ? "index.html" : path);

    private static byte[] WithApi(byte[] page, string apiPath) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(page).Replace(ApiMark, HtmlEncoder.Default.Encode(apiPath), StringComparison.Ordinal));
}
