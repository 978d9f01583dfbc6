using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Security;

/// <summary>A running server's file of keys that changes: by <c>lake key</c>, by an editor, by a mounted secret.</summary>
public class KeyFileWatchTests
{
    [Fact]
    public async Task A_key_that_is_added_is_let_in_and_one_that_is_taken_out_is_not_any_more()
    {
        using var scratch = new ScratchFolder();
        string first = Add(scratch, "first");
        using var served = ServedProcess.Start(scratch["lake"], null, "--keys", scratch["keys"]);
        Assert.Equal(200, await StatusAsync(served, first));

        string second = Add(scratch, "second");
        await Eventually.HoldsAsync(() => StatusAsync(served, second).Result == 200, "the new key is let in");
        Assert.Equal(200, await StatusAsync(served, first));

        File.WriteAllLines(scratch["keys"], File.ReadAllLines(scratch["keys"]).Where(line => !line.StartsWith("first", StringComparison.Ordinal)));
        await Eventually.HoldsAsync(() => StatusAsync(served, first).Result == 401, "the key that is gone is not let in");
        Assert.Equal(200, await StatusAsync(served, second));
        served.Process.WaitUntil(one => one.ErrorSoFar.Contains("new: none; changed: none; taken out: first", StringComparison.Ordinal), "it says what changed");
        Assert.Contains("new: second; changed: none; taken out: none", served.Process.ErrorSoFar, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense\n")]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("first read 12\n")]
    [InlineData("inside read 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n")]
    [InlineData(null)]
    public async Task A_file_that_cannot_be_used_changes_nothing_and_is_told_once(string? text)
    {
        using var scratch = new ScratchFolder();
        string first = Add(scratch, "first");
        (string inside, LakeApiKey key) = LakeApiKey.Create("inside", LakeScopes.Read);
        using var served = ServedProcess.Start(
            scratch["lake"],
            new Dictionary<string, string?> { ["OrleansLake__Keys__0__Name"] = key.Name, ["OrleansLake__Keys__0__Scopes"] = "Read", ["OrleansLake__Keys__0__Sha256"] = key.Sha256 },
            "--keys", scratch["keys"]);
        string right = File.ReadAllText(scratch["keys"]);
        if (text is null)
        {
            File.Delete(scratch["keys"]);
        }
        else
        {
            File.WriteAllText(scratch["keys"], text);
        }

        served.Process.WaitUntil(one => one.ErrorSoFar.Contains("cannot be used", StringComparison.Ordinal), "it is reported");
        Assert.Equal((200, 200), (await StatusAsync(served, first), await StatusAsync(served, inside)));

        File.WriteAllText(scratch["keys"], right);
        string second = Add(scratch, "second");
        await Eventually.HoldsAsync(() => StatusAsync(served, second).Result == 200, "it is read once it is right");
        Assert.Equal((200, 200), (await StatusAsync(served, first), await StatusAsync(served, inside)));
        Assert.Equal(2, served.Process.ErrorSoFar.Split("cannot be used").Length);
    }

    private static string Add(ScratchFolder scratch, string name)
    {
        LakeResult made = LakeProcess.Run(new LakeCall("key", name, "--scope", "read", "--keys", scratch["keys"]));
        Assert.Equal(0, made.ExitCode);
        Assert.Equal($"lake: added to {scratch["keys"]}; a server that was started with this file knows it in a few seconds.\n", made.Error);
        return made.Output.Trim();
    }

    private static async Task<int> StatusAsync(ServedProcess served, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/ledger");
        request.Headers.Authorization = new("Bearer", key);
        using HttpResponseMessage response = await served.Http.SendAsync(request);
        return (int)response.StatusCode;
    }
}
