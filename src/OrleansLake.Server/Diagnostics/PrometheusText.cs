using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using OrleansLake.Client.Embedded;

namespace OrleansLake.Server.Diagnostics;

/// <summary>
/// The meter's instruments in Prometheus' text format
/// (https://prometheus.io/docs/instrumenting/exposition_formats/): dots become underscores, the unit and, of counters,
/// <c>_total</c> are appended.
/// </summary>
internal sealed class PrometheusText : IDisposable
{
    internal const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly Dictionary<(Instrument, object?, object?), Series> _known = [];
    private readonly Lock _gate = new();

    internal PrometheusText(LakeMetrics metrics)
    {
        Metrics = metrics;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (metrics.Owns(instrument))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    private LakeMetrics Metrics { get; }

    internal string Write()
    {
        Metrics.Refresh();
        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        lock (_gate)
        {
            string? last = null;
            foreach (Series series in _series.Values)
            {
                if (series.Name != last)
                {
                    text.Append(CultureInfo.InvariantCulture, $"# HELP {series.Name} {series.Help}\n# TYPE {series.Name} {series.Type}\n");
                    last = series.Name;
                }

                series.Write(text);
            }
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        // No instrument has more than two tags; their names go with the instrument.
        (Instrument, object?, object?) key = (instrument, tags.Length > 0 ? tags[0].Value : null, tags.Length > 1 ? tags[1].Value : null);
        lock (_gate)
        {
            if (!_known.TryGetValue(key, out Series? series))
            {
                series = SeriesOf(instrument, tags);
                _known.Add(key, series);
            }

            series.Add(value);
        }
    }

    private Series SeriesOf(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        bool isCounter = instrument is Counter<long>;
        var histogram = instrument as Histogram<double>;
        string name = NameOf(instrument, isCounter);
        string labels = LabelsOf(tags);
        var series = new Series(
            name, labels, instrument.Description ?? "", isCounter ? "counter" : histogram is not null ? "histogram" : "gauge",
            histogram?.Advice?.HistogramBucketBoundaries is { } bounds ? [.. bounds] : []);
        _series.Add($"{name}\n{labels}", series);
        return series;
    }

    private static string NameOf(Instrument instrument, bool isCounter)
    {
        string unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        string name = instrument.Name.Replace('.', '_');
        return name + (name.EndsWith(unit, StringComparison.Ordinal) ? "" : unit) + (isCounter ? "_total" : "");
    }

    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new StringBuilder();
        foreach ((string key, object? value) in tags)
        {
            string text = Convert.ToString(value, CultureInfo.InvariantCulture)!.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
            labels.Append(CultureInfo.InvariantCulture, $"{(labels.Length > 0 ? "," : "")}{key}=\"{text}\"");
        }

        return labels.ToString();
    }

    private sealed class Series(string name, string labels, string help, string type, double[] bounds)
    {
        private readonly long[] _buckets = new long[bounds.Length];
        private double _value;
        private long _count;

        internal string Name { get; } = name;

        internal string Help { get; } = help;

        internal string Type { get; } = type;

        internal void Add(double value)
        {
            _value = Type == "gauge" ? value : _value + value;
            _count++;
            for (int bucket = 0; bucket < bounds.Length; bucket++)
            {
                _buckets[bucket] += value <= bounds[bucket] ? 1 : 0;
            }
        }

        internal void Write(StringBuilder text)
        {
            if (Type != "histogram")
            {
                text.Append(CultureInfo.InvariantCulture, $"{Name}{(labels.Length > 0 ? $"{{{labels}}}" : "")} {Number(_value)}\n");
                return;
            }

            string more = labels.Length > 0 ? "," : "";
            for (int bucket = 0; bucket < bounds.Length; bucket++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{Name}_bucket{{{labels}{more}le=\"{Number(bounds[bucket])}\"}} {_buckets[bucket]}\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"{Name}_bucket{{{labels}{more}le=\"+Inf\"}} {_count}\n{Name}_sum{{{labels}}} {Number(_value)}\n{Name}_count{{{labels}}} {_count}\n");
        }

        private static string Number(double value) => double.IsNaN(value) ? "NaN" : value.ToString("R", CultureInfo.InvariantCulture);
    }
}
