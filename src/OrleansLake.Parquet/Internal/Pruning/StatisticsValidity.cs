using OrleansLake.Parquet.Internal.Format;
using OrleansLake.Parquet.Metadata;

namespace OrleansLake.Parquet.Internal.Pruning;

/// <summary>Decides whose statistics can be trusted. Wrong bounds would silently leave rows out.</summary>
internal static class StatisticsValidity
{
    public static bool IsTrusted(string? createdBy, Leaf leaf, bool hasTypeOrder)
    {
        // parquet.thrift: without a column order bounds mean nothing. For signed integers, which all compare alike, that
        // was never in doubt, and old files and DuckDB's have none.
        bool isSignedInteger = !leaf.IsUnsigned && leaf.StoredAs is PhysicalType.Int32 or PhysicalType.Int64 or PhysicalType.Boolean;
        if (!hasTypeOrder && !isSignedInteger)
        {
            return false;
        }

        // Parquet.Net (aloneguid/parquet-dotnet, issue 769) writes bounds of timestamps in another unit than their values'.
        return leaf.Unit == TimestampUnit.None || createdBy is null || !createdBy.StartsWith("Parquet.Net", StringComparison.OrdinalIgnoreCase);
    }
}
