namespace OrleansLake.Server.Requests;

/// <summary>The description of a route.</summary>
/// <param name="Summary">In a line.</param>
/// <param name="Parameters">The query parameters that it takes: the list that requests are checked against.</param>
/// <param name="Success">The status of a success.</param>
/// <param name="MediaTypes">What a success may be; none: no body.</param>
internal sealed record LakeOperation(string Summary, IReadOnlyList<string> Parameters, int Success, IReadOnlyList<string> MediaTypes)
{
    /// <summary>Gets the media types of a body that it takes.</summary>
    internal IReadOnlyList<string> RequestTypes { get; init; } = [];

    /// <summary>Gets the header parameters with what they mean.</summary>
    internal IReadOnlyList<(string Name, string Description)> Headers { get; init; } = [];

    /// <summary>Gets the headers of a success, with what they mean.</summary>
    internal IReadOnlyList<(string Name, string Description, string Type)> AnswerHeaders { get; init; } = [];

    /// <summary>Gets the other statuses besides those that every route has.</summary>
    internal IReadOnlyList<int> Failures { get; init; } = [];

    /// <summary>Gets a value indicating whether it takes a report's parameters for each report, too, with its name before them.</summary>
    internal bool IsOfSeveralReports { get; init; }

    /// <summary>Gets the scope of the key that it needs.</summary>
    internal LakeScopes Scope { get; init; }
}
