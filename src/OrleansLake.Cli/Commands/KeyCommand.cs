using System.CommandLine;
using System.Runtime.CompilerServices;
using OrleansLake.Cli.Output;
using OrleansLake.Server;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake key</c>: makes a key for <c>lake serve</c>.</summary>
internal sealed class KeyCommand : LakeCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "The name of the key's owner" };
    private readonly Option<string[]> _scopes = new("--scope") { Description = "What it may do: ingest (the default), read, admin", HelpName = "SCOPE", AllowMultipleArgumentsPerToken = true };
    private readonly Option<FileInfo> _file = new("--keys") { Description = "The file that it is added to", HelpName = "FILE", DefaultValueFactory = _ => new FileInfo("lake-keys.txt") };

    public KeyCommand(Terminal terminal)
        : base("key", "Create a key for lake serve, and add its hash to a file.", terminal)
    {
        _scopes.AcceptOnlyFromAmong("ingest", "read", "admin");
        _name.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (result.Tokens[0].Value.Length == 0 || result.Tokens[0].Value[0] == '#' || result.Tokens[0].Value.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))))
            {
                result.AddError("A key's name has no blanks, and does not begin with #.");
            }
        });
        Arguments.Add(_name);
        Options.Add(_scopes);
        Options.Add(_file);
    }

    public override IReadOnlyList<string> Remarks =>
    [
        "The key is printed once and kept nowhere: the file has its SHA-256 only. A server that was started",
        "with the file reads it again when it changes; to revoke a key, remove its line.",
    ];

    public override IReadOnlyList<string> Examples =>
        ["lake key shop --keys keys.txt", "lake key dashboard --scope read --keys keys.txt", "lake serve --urls http://0.0.0.0:5080 --keys keys.txt"];

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        Make(parsed);
        return Task.FromResult(ExitCode.Done);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Make(ParseResult parsed)
    {
        string[] scopes = parsed.GetValue(_scopes) is { Length: > 0 } given ? given : ["ingest"];
        LakeScopes scope = scopes.Aggregate(LakeScopes.None, (all, one) => all | Enum.Parse<LakeScopes>(one, ignoreCase: true));
        (string text, LakeApiKey key) = LakeApiKey.Create(parsed.GetValue(_name)!, scope);
        string path = SystemPath.Full(parsed.GetValue(_file)!.ToString());
        KeyFile.Add(path, key, () => Terminal.Show(text, path));
        Terminal.Error.WriteLine($"lake: added to {DisplayWidth.Printable(path)}; a server that was started with this file knows it in a few seconds.");
    }
}
