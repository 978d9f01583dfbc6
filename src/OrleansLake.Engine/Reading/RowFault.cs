using OrleansLake.Core.Parsing;

namespace OrleansLake.Engine.Reading;

/// <summary>A value of a row that its column cannot hold. In the batch the row has a null there.</summary>
/// <param name="Row">The row in its batch.</param>
/// <param name="Column">The column's name.</param>
/// <param name="Fault">What is wrong with it.</param>
/// <param name="Json">The value as JSON, as far as it can be written as that.</param>
internal readonly record struct RowFault(int Row, string Column, FieldFault Fault, byte[] Json);
