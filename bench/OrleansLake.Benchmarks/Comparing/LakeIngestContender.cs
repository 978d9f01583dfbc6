namespace OrleansLake.Benchmarks.Comparing;

/// <summary>The built <c>lake</c> on a file of NDJSON: <c>ingest FILE --run</c>.</summary>
internal sealed class LakeIngestContender(bool durable) : LakeContender(durable)
{
    public override void Prepare(string source, string output)
    {
    }

    public override Measurement Run(string source, string output) => MeasuredProcess.Lake(["ingest", source, "--run", "--lake", output, .. Fsync]);
}
