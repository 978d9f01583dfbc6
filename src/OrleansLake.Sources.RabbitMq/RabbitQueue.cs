using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using OrleansLake.Client;
using OrleansLake.Core.Mapping;
using OrleansLake.Server;

namespace OrleansLake.Sources.RabbitMq;

/// <summary>A RabbitMQ queue that is consumed, and how its broker is reached.</summary>
/// <remarks>Its text never holds the password.</remarks>
public sealed class RabbitQueue
{
    /// <summary>The queue that is read where none is named.</summary>
    public const string DefaultName = "messages";

    /// <summary>
    /// The default number of deliveries that are in flight at most: they share fsyncs, and with messages of a kilobyte are a
    /// megabyte in memory.
    /// </summary>
    public const ushort DefaultPrefetch = 1000;

    private const string Example = "rabbitmq://user@host:5672/vhost?queue=messages";
    private const int WindowBytesMax = 160;
    private const string Escaping = "in a name or password / is written %2F, # %23, ? %3F, @ %40 and % %25";
    private const int NameBytesMax = 255;

    private static readonly string[] Parameters = ["queue", "stream", "prefetch", "offset", "start", "gap", "cluster", "mapping", "password-file"];

    private RabbitQueue()
    {
    }

    /// <summary>Gets the broker's host.</summary>
    public string Host { get; private init; } = "";

    /// <summary>Gets its port.</summary>
    public int Port { get; private init; }

    /// <summary>Gets a value indicating whether the connection uses TLS.</summary>
    public bool IsTls { get; private init; }

    /// <summary>Gets the user's name.</summary>
    public string UserName { get; private init; } = "guest";

    /// <summary>Gets the virtual host.</summary>
    public string VirtualHost { get; private init; } = "/";

    /// <summary>Gets the queue's name.</summary>
    public string Name { get; private init; } = DefaultName;

    /// <summary>Gets the number of deliveries that are in flight at most.</summary>
    public ushort Prefetch { get; private init; } = DefaultPrefetch;

    /// <summary>Gets, of a stream, where to begin at each start, <c>first</c>, <c>last</c>, <c>next</c> or an offset; a connection
    /// that is back continues where it was. Null: it is not a stream.</summary>
    public string? Offset { get; private init; }

    /// <summary>Gets a value indicating whether it is a stream whose place the lake keeps: each record is stored once, by its offset.</summary>
    public bool IsStream { get; private init; }

    /// <summary>Gets, of such a stream, where it is read from when the lake does not have it yet: <c>earliest</c>, <c>latest</c> or an offset.</summary>
    public string Start { get; private init; } = "earliest";

    /// <summary>Gets a value indicating whether such a stream is read on behind records that its retention has deleted before they were read; else it stops there.</summary>
    public bool SkipsGaps { get; private init; }

    /// <summary>Gets the cluster's name in the identity of such a stream; null: the name that the cluster gives itself.</summary>
    public string? Cluster { get; private init; }

    /// <summary>Gets the name of the lake's mapping by which records become messages; <c>none</c>: by none. Null: the default one, if there is one.</summary>
    public string? Mapping { get; private init; }

    internal string? Password { get; private init; } = "guest";

    /// <summary>Gets the file that has the user's password as its first line; null: the address has it, or the environment.</summary>
    internal string? PasswordFile { get; private init; }

    /// <summary>Gets what the keys of its deliveries begin with: a window of the queue's own, which no other sender's keys are in.</summary>
    internal string KeyWindow => field ??= (Encoding.UTF8.GetByteCount(Name) <= WindowBytesMax ? Name : Convert.ToHexStringLower(LakeApiKey.HashOf(Name))) + Core.Messages.KeyWindow.End;

    /// <summary>Returns the user's password: that of the address, of its file, or of the environment variable <c>RABBITMQ_PASSWORD</c>.</summary>
    /// <exception cref="SourceException">The file cannot be read.</exception>
    internal string ReadPassword()
    {
        if (PasswordFile is not { } file)
        {
            return Password ?? Environment.GetEnvironmentVariable("RABBITMQ_PASSWORD") ?? "";
        }

        try
        {
            return File.ReadLines(file).FirstOrDefault() ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"the password's file {file} cannot be read: {(e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message.TrimEnd('.'))}", e);
        }
    }

    internal string Endpoint => string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    /// <summary>Reads an address; <paramref name="error"/> says what is wrong, without repeating what may be a password.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out RabbitQueue? queue, [NotNullWhen(false)] out string? error)
    {
        queue = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("rabbitmq" or "rabbitmqs" or "amqp" or "amqps") || uri.Host.Length == 0)
        {
            error = $"expected an address such as {Example}; {Escaping}";
            return false;
        }

        if (uri.Fragment.Length > 0)
        {
            error = $"the address holds a # that is not escaped: {Escaping}";
            return false;
        }

        string path = uri.AbsolutePath.TrimStart('/');
        if (path.Contains('/', StringComparison.Ordinal))
        {
            error = $"the virtual host is one part of the path: {Escaping}";
            return false;
        }

        if (ParametersOf(uri, out Dictionary<string, string> parameters) is { } wrong)
        {
            error = wrong;
            return false;
        }

        bool isStream = parameters.TryGetValue("stream", out string? streamName);
        if (KindFault(parameters, isStream) is { } fault)
        {
            error = fault;
            return false;
        }

        string name = streamName ?? parameters.GetValueOrDefault("queue", DefaultName);
        if (name.Length == 0 || Encoding.UTF8.GetByteCount(name) > NameBytesMax)
        {
            error = $"{(isStream ? "stream= is to be a stream's" : "queue= is to be a queue's")} name of 1 to {NameBytesMax} bytes{(isStream ? "" : $"; left out, it is {DefaultName}")}";
            return false;
        }

        ushort prefetch = DefaultPrefetch;
        if (parameters.TryGetValue("prefetch", out string? count)
            && (!ushort.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out prefetch) || prefetch == 0))
        {
            error = $"prefetch= is to be how many deliveries are in flight at most, 1 to {ushort.MaxValue}; left out, it is {DefaultPrefetch}";
            return false;
        }

        if (parameters.TryGetValue("offset", out string? offset) && offset is not ("first" or "last" or "next") && !long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            error = "offset= is to be where a stream is read from: first, last, next, or an offset's number";
            return false;
        }

        if (parameters.TryGetValue("mapping", out string? mapping) && !MessageMapping.IsName(mapping))
        {
            error = "mapping= is to be the name of a mapping of the lake, or none; left out, it is the lake's default one";
            return false;
        }

        int colon = uri.UserInfo.IndexOf(':', StringComparison.Ordinal);
        string? passwordFile = parameters.GetValueOrDefault("password-file");
        if (passwordFile is not null && (passwordFile.Length == 0 || colon >= 0 || uri.UserInfo.Length == 0))
        {
            error = "password-file= is to be the file that has the password of the address's user as its first line, and the address then has none: rabbitmq://user@host/?queue=messages&password-file=FILE";
            return false;
        }

        bool isTls = uri.Scheme is "amqps" or "rabbitmqs";
        queue = new RabbitQueue
        {
            Host = uri.DnsSafeHost,
            Port = uri.Port > 0 ? uri.Port : isTls ? 5671 : 5672,
            IsTls = isTls,
            UserName = uri.UserInfo.Length == 0 ? "guest" : Uri.UnescapeDataString(colon < 0 ? uri.UserInfo : uri.UserInfo[..colon]),
            Password = uri.UserInfo.Length == 0 ? "guest" : colon < 0 ? null : Uri.UnescapeDataString(uri.UserInfo[(colon + 1)..]),
            PasswordFile = passwordFile,
            VirtualHost = path.Length == 0 ? "/" : Uri.UnescapeDataString(path),
            Name = name,
            Prefetch = prefetch,
            Offset = offset,
            Mapping = mapping,
            IsStream = isStream,
            Start = parameters.GetValueOrDefault("start", "earliest"),
            SkipsGaps = parameters.GetValueOrDefault("gap") == "skip",
            Cluster = parameters.GetValueOrDefault("cluster"),
        };
        error = null;
        return true;
    }

    /// <summary>Returns a value indicating whether another address of the same queue reads it in the same way.</summary>
    internal bool IsReadAs(RabbitQueue other) =>
        (UserName, Password, PasswordFile, IsTls, Prefetch, Offset, Mapping) == (other.UserName, other.Password, other.PasswordFile, other.IsTls, other.Prefetch, other.Offset, other.Mapping)
        && (IsStream, Start, SkipsGaps, Cluster) == (other.IsStream, other.Start, other.SkipsGaps, other.Cluster);

    /// <summary>Returns the queue for people: its name and where it is.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"the {(IsStream ? "stream" : "queue")} '{Name}' at {Endpoint}{(VirtualHost == "/" ? "" : $" (virtual host '{VirtualHost}')")}");

    // What is for queues alone, and for streams alone. Null if all is well.
    private static string? KindFault(Dictionary<string, string> parameters, bool isStream)
    {
        string[] others = isStream ? ["queue", "offset"] : ["start", "gap", "cluster"];
        if (others.FirstOrDefault(parameters.ContainsKey) is { } other)
        {
            return isStream ? $"{other}= is for queues, and stream= names a stream: {(other == "offset" ? "where a stream is read from at first is start=, and later the lake knows" : "leave one of the two out")}"
                : $"{other}= is for streams, which stream= names";
        }

        string start = parameters.GetValueOrDefault("start", "earliest");
        return start is not ("earliest" or "latest") && !long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? "start= is to be earliest, latest, or an offset"
            : parameters.GetValueOrDefault("gap", "stop") is not ("stop" or "skip") ? "gap= is to be stop or skip: what to do where the stream's retention has deleted records before they were read; left out, it is stop"
            : parameters.GetValueOrDefault("cluster") is { Length: 0 } ? "cluster= is empty: leave it out, or give it a value" : null;
    }

    // Null if all is well.
    private static string? ParametersOf(Uri uri, out Dictionary<string, string> parameters)
    {
        parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string name = Uri.UnescapeDataString(equals < 0 ? pair : pair[..equals]);
            if (!Parameters.Contains(name, StringComparer.Ordinal))
            {
                return $"there is no parameter '{name}'; there are {string.Join(", ", Parameters)}";
            }

            if (!parameters.TryAdd(name, equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..])))
            {
                return $"{name}= occurs twice; for another queue give another --source";
            }
        }

        return null;
    }
}
