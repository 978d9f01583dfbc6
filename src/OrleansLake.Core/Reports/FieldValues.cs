using System.Runtime.CompilerServices;

namespace OrleansLake.Core.Reports;

/// <summary>
/// A message's fields as reports count them, indexed by <see cref="MessageField"/>: a day, codes of names, numbers.
/// A null's value is 0 and its bit (<c>1 &lt;&lt; field</c>) is set in the mask that goes along.
/// </summary>
[InlineArray(Length)]
internal struct FieldValues
{
    public const int Length = 5;

    private int _first;
}
