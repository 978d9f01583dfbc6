namespace OrleansLake.Grains;

/// <summary>
/// A range of users: their rows of report 2, live, and the most active of them. Its key is the range's number, of
/// <see cref="ReportScope.UserRanges"/>.
/// </summary>
[Alias("OrleansLake.IUserActivityGrain")]
public interface IUserActivityGrain : IGrainWithIntegerKey, IReportAggregate;
