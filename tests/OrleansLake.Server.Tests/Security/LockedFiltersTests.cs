using OrleansLake.Client;
using OrleansLake.Server.Errors;
using OrleansLake.Server.Security;

namespace OrleansLake.Server.Tests.Security;

/// <summary>Tests what a token is locked to can be narrowed; a request for nothing of it is refused.</summary>
public sealed class LockedFiltersTests
{
    private static readonly ReportFilter Locked = new()
    {
        From = new DateOnly(2024, 12, 1),
        To = new DateOnly(2024, 12, 31),
        Channels = ["EMAIL", "SMS"],
        Users = [1, 2],
        Top = 10,
    };

    private static readonly LakeAccess Access = new("customer", LakeScopes.Read) { Reports = new Dictionary<string, ReportFilter> { ["report1"] = Locked } };

    [Fact]
    public void What_is_asked_is_narrowed_to_what_is_open()
    {
        ReportFilter filter = LockedFilters.Apply(Access, "report1", new ReportFilter { From = new DateOnly(2024, 11, 1), To = new DateOnly(2024, 12, 10), Channels = ["SMS", "PUSH"], Users = [2, 3], Top = 50 });
        Assert.Equal((new DateOnly(2024, 12, 1), new DateOnly(2024, 12, 10), 10), (filter.From, filter.To, filter.Top));
        Assert.Equal(["SMS"], filter.Channels!);
        Assert.Equal([2], filter.Users!);
        Assert.Equal(Locked.Channels, LockedFilters.Apply(Access, "report1", ReportFilter.None).Channels);
    }

    [Fact]
    public void Who_asks_for_nothing_of_it_is_told_what_is_open()
    {
        (ReportFilter Asked, string Said)[] beyond =
        [
            (new ReportFilter { Channels = ["PUSH", "CHAT"] }, "channel EMAIL, SMS only"),
            (new ReportFilter { Users = [3] }, "user 1, 2 only"),
            (new ReportFilter { To = new DateOnly(2024, 11, 30) }, "dates from 2024-12-01 on only"),
            (new ReportFilter { From = new DateOnly(2025, 1, 1) }, "dates up to 2024-12-31 only"),
        ];
        foreach ((ReportFilter asked, string said) in beyond)
        {
            RequestException refused = Assert.Throws<RequestException>(() => LockedFilters.Apply(Access, "report1", asked));
            Assert.Equal((403, "not-allowed-by-token"), (refused.Status, refused.Type));
            Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        }

        Assert.Contains("report1 only", Assert.Throws<RequestException>(() => LockedFilters.Apply(Access, "report2", ReportFilter.None)).Message, StringComparison.Ordinal);
    }
}
