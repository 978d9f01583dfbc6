using OrleansLake.Storage.Stores;
using OrleansLake.TestSupport;

namespace OrleansLake.Storage.Tests;

public class SystemPathTests
{
    [Theory]
    [InlineData("current/../shared/x", "releases/5/shared/x")]
    [InlineData("current/..", "releases/5")]
    [InlineData("here/current/./../shared/", "here/releases/5/shared")]
    [InlineData("latest/../shared/x", "releases/5/shared/x")]
    [InlineData("absolute/../shared/x", "releases/5/shared/x")]
    [InlineData("releases/5/data/up/../5/shared/x", "releases/5/shared/x")]
    [InlineData("current/../../../current/../shared/x", "releases/5/shared/x")]
    public void What_leads_up_behind_a_link_is_above_what_the_link_leads_to(string path, string expected)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using ScratchFolder scratch = Linked();
        string found = SystemPath.Of(Path.Combine(scratch.Path, path));
        Assert.Equal(scratch[expected], Path.GetFullPath(found));
        Assert.Equal(found, Path.GetFullPath(found));
        Assert.Equal(scratch[expected], SystemPath.Full(Path.Combine(scratch.Path, path)));
    }

    [Theory]
    [InlineData("current/data..x")]
    [InlineData("../../x")]
    [InlineData("releases/5/../6/x/")]
    [InlineData("nowhere/../x")]
    [InlineData("/../x")]
    [InlineData("..")]
    [InlineData("")]
    public void Any_other_path_stays_as_it_is(string path) => Assert.Equal(path, SystemPath.Of(path));

    [Fact]
    public void Links_that_lead_to_each_other_have_an_end()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using ScratchFolder scratch = Linked();
        File.CreateSymbolicLink(scratch["a"], "b/../a");
        File.CreateSymbolicLink(scratch["b"], "a");
        Assert.False(SystemPath.IsThere(scratch["a"]));
        Assert.NotEmpty(SystemPath.Of(scratch["a/../x"]));
    }

    [Fact]
    public void A_link_leads_somewhere_by_the_folder_that_it_is_in()
    {
        using ScratchFolder scratch = Linked();
        scratch.Write("releases/5/shared/x", "x");
        File.CreateSymbolicLink(scratch["releases/5/data/x"], Path.Combine("..", "shared", "x"));
        File.CreateSymbolicLink(scratch["releases/5/data/lost"], Path.Combine("..", "shared", "y"));
        Assert.True(SystemPath.IsThere(scratch["releases/5/data/x"]));
        Assert.False(SystemPath.IsThere(scratch["releases/5/data/lost"]));
        if (!OperatingSystem.IsWindows())
        {
            Assert.True(SystemPath.IsThere(scratch["current/x"]));
        }
    }

    private static ScratchFolder Linked()
    {
        var scratch = new ScratchFolder();
        Directory.CreateDirectory(scratch["releases/5/data"]);
        Directory.CreateDirectory(scratch["releases/5/shared"]);
        Directory.CreateSymbolicLink(scratch["current"], Path.Combine("releases", "5", "data"));
        Directory.CreateSymbolicLink(scratch["latest"], "current");
        Directory.CreateSymbolicLink(scratch["absolute"], scratch["releases/5/data"]);
        Directory.CreateSymbolicLink(scratch["here"], ".");
        Directory.CreateSymbolicLink(scratch["releases/5/data/up"], "..");
        return scratch;
    }
}
