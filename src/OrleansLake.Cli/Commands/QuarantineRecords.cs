using System.CommandLine;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Commands;

/// <summary>The argument that names rejected records.</summary>
internal static class QuarantineRecords
{
    public static Argument<QuarantineRange[]> Argument(string description) => new("ID")
    {
        Description = description,
        Arity = ArgumentArity.ZeroOrMore,
        CustomParser = result =>
        {
            var ranges = new List<QuarantineRange>();
            foreach (string text in result.Tokens.Select(token => token.Value))
            {
                if (QuarantineRange.TryParse(text, out QuarantineRange range))
                {
                    ranges.Add(range);
                }
                else if (QuarantineRange.IsBackwards(text))
                {
                    result.AddError($"'{text}' is a range that ends before it begins; the earlier record comes first.");
                }
                else
                {
                    result.AddError($"'{text}' names no rejected record: expected one such as 412.3, a range such as 412.3..415.0, or 412 for all that came with it.");
                }
            }

            return [.. ranges];
        },
    };
}
