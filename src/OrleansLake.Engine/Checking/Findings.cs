using System.Globalization;
using OrleansLake.Core;

namespace OrleansLake.Engine.Checking;

/// <summary>The findings of a check so far. Thread-safe; what is found side by side is put in order of its text.</summary>
internal sealed class Findings
{
    private const string AsWritten = "as it was written";
    private const int FaultsMax = 1000;

    private readonly Findings? _whole;
    private readonly string _scope = "";
    private readonly Lock _gate = new();
    private readonly List<CheckFinding> _counts = [];
    private readonly List<CheckFinding> _faults = [];
    private long _faultsLeftOut;

    internal Findings()
    {
    }

    private Findings(Findings whole, string scope)
    {
        _whole = whole;
        _scope = scope;
    }

    /// <summary>Finds for a part of the lake, whose name precedes what is compared; single files name themselves.</summary>
    internal Findings Of(string part) => new(this, $"{part}: ");

    /// <summary>Gets a value indicating whether anything is damaged, as far as was looked.</summary>
    internal bool HasDamage
    {
        get
        {
            if (_whole is not null)
            {
                return _whole.HasDamage;
            }

            lock (_gate)
            {
                return _faults.Exists(static fault => fault.IsDamage);
            }
        }
    }

    /// <summary>Returns all findings: what was compared, then what is wrong with single files.</summary>
    internal CheckResult Result()
    {
        lock (_gate)
        {
            IEnumerable<CheckFinding> more = _faultsLeftOut == 0 ? []
                : [new CheckFinding("file", AsWritten, $"and {Text(_faultsLeftOut)} more faults like these", false)];
            return new CheckResult([.. _counts, .. _faults.OrderBy(fault => fault.Found, StringComparer.Ordinal), .. more]);
        }
    }

    internal void Compare(string name, long expected, long found) => Compare(name, Text(expected), Text(found));

    internal void Compare(string name, string expected, string found) => Count(new CheckFinding(name, expected, found, expected == found));

    internal void Count(CheckFinding finding)
    {
        if (_whole is not null)
        {
            _whole.Count(finding with { Name = _scope + finding.Name });
            return;
        }

        lock (_gate)
        {
            _counts.Add(finding);
        }
    }

    /// <summary>Reports something that is wrong, in full: which file, where in it, and what to do.</summary>
    internal void Wrong(string fault, string name = "file", string expected = AsWritten) => Fault(new CheckFinding(name, expected, fault, false));

    /// <summary>Does as <see cref="Wrong"/>, of gold that is as of an earlier commit.</summary>
    internal void Behind(string fault, string name) => Fault(new CheckFinding(name, AsWritten, fault, false) { IsBehind = true });

    /// <summary>Does as <see cref="Wrong"/>, of what the lake cannot make again from anything else.</summary>
    internal void Damaged(string fault, string name = "file") => Fault(new CheckFinding(name, AsWritten, fault, false) { IsDamage = true });

    internal void Damaged(CorruptDataException damage) => Damaged(damage.Message);

    /// <summary>Reports something to know that is not wrong.</summary>
    internal void Note(string name, string note) => Count(new CheckFinding(name, "", note, true));

    private void Fault(CheckFinding fault)
    {
        if (_whole is not null)
        {
            _whole.Fault(fault);
            return;
        }

        lock (_gate)
        {
            if (_faults.Count < FaultsMax)
            {
                _faults.Add(fault);
            }
            else
            {
                _faultsLeftOut++;
            }
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
