using OrleansLake.Core.Reports;

namespace OrleansLake.Core.Tests.Reports;

public class LakeReportsTests
{
    [Fact]
    public void A_report_is_found_by_its_name_and_no_other()
    {
        Assert.All(LakeReports.All, report => Assert.Same(report, LakeReports.All.Find(report.Name)));
        Assert.All(LakeReports.All, report => Assert.Same(report, LakeReports.All[LakeReports.All.IndexOf(report with { AbsentCell = AbsentCell.Zero })]));
        Assert.Null(LakeReports.All.Find("report3"));
        Assert.Null(LakeReports.All.Find("REPORT1"));
        Assert.Null(LakeReports.All.Find(null));
    }

    [Fact]
    public void One_that_is_not_kept_has_no_place()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => LakeReports.All.IndexOf(LakeReports.Report2 with { Name = "report3" }));
        Assert.Contains("report3; there are report1, report2", error.Message, StringComparison.Ordinal);
    }
}
