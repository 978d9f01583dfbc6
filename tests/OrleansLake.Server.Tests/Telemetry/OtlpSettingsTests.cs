using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Telemetry;

/// <summary>Tests that a wrong setting of the exporter is reported, which passes over it in silence.</summary>
public class OtlpSettingsTests
{
    [Fact]
    public void A_value_that_the_exporter_would_pass_over_is_a_line_that_names_it()
    {
        foreach (string command in (string[])["validate", "serve"])
        {
            LakeResult told = Run(
                command, ("ENDPOINT", "nonsense"), ("PROTOCOL", "carrier"), ("TRACES_ENDPOINT", "localhost:4317"), ("METRICS_TIMEOUT", "10s"), ("HEADERS", "hidden"), ("COMPRESSION", "br"), ("ENDPONT", "http://x"));
            Assert.Equal((2, ""), (told.ExitCode, told.Output));
            Assert.Equal(
                [
                    "lake: OTEL_EXPORTER_OTLP_ENDPOINT is 'nonsense': give an absolute http or https URL, such as http://localhost:4317.",
                    "lake: OTEL_EXPORTER_OTLP_PROTOCOL is 'carrier': give grpc or http/protobuf.",
                    "lake: OTEL_EXPORTER_OTLP_COMPRESSION is 'br': give gzip or none.",
                    "lake: OTEL_EXPORTER_OTLP_HEADERS is not understood (its value, which may be secret, is not repeated): give a list of name=value with commas between.",
                    "lake: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is 'localhost:4317': give an absolute http or https URL, such as http://localhost:4317.",
                    "lake: OTEL_EXPORTER_OTLP_METRICS_TIMEOUT is '10s': give whole milliseconds, 1 or more.",
                    "lake: OTEL_EXPORTER_OTLP_ENDPONT is not a setting of the exporter; the nearest is OTEL_EXPORTER_OTLP_ENDPOINT.",
                ],
                told.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    [Fact]
    public void What_it_understands_or_does_not_read_at_all_is_valid()
    {
        LakeResult right = Run("validate", ("ENDPOINT", "http://localhost:4318"), ("PROTOCOL", "http/protobuf"), ("HEADERS", "api-key=a%20b,other=c"), ("TIMEOUT", "10000"), ("LOGS_PROTOCOL", "grpc"), ("TRACES_INSECURE", "true"));
        Assert.Equal((0, ""), (right.ExitCode, right.Error));
        using var scratch = new ScratchFolder();
        LakeResult unread = LakeProcess.Run(new LakeCall("validate", "--lake", scratch["lake"])
        {
            Environment = new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "", ["OTEL_RESOURCE_ATTRIBUTES"] = "x" },
        });
        Assert.Equal((0, ""), (unread.ExitCode, unread.Error));
    }

    private static LakeResult Run(string command, params (string Name, string Value)[] variables)
    {
        using var scratch = new ScratchFolder();
        return LakeProcess.Run(new LakeCall(command, "--lake", scratch["lake"], "--urls", "http://127.0.0.1:0")
        {
            Environment = variables.ToDictionary(one => $"OTEL_EXPORTER_OTLP_{one.Name}", one => (string?)one.Value),
        });
    }
}
