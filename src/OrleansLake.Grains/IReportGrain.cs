namespace OrleansLake.Grains;

/// <summary>
/// A whole report, live; its key is the report's name. Report 1 is as small as there are dates and channels, so it is kept in
/// one place; report 2 is put together from its ranges of users, all at one version.
/// </summary>
[Alias("OrleansLake.IReportGrain")]
public interface IReportGrain : IGrainWithStringKey, IReportAggregate;
