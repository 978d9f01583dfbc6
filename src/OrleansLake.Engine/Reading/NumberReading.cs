using System.Globalization;
using System.Numerics;
using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;

namespace OrleansLake.Engine.Reading;

/// <summary>Turns a stored column into 32-bit integers: whatever is a whole number that fits, and nothing else.</summary>
internal static class NumberReading
{
    // From here on the words for a FLOAT or a DOUBLE have an exponent, as its text has.
    private const double DigitsUntil = 1e16;

    /// <summary>Appends the same value for every row, or nulls.</summary>
    internal static void AppendConstant<T>(T? value, RowSpan range, NumberColumn<T> into)
        where T : unmanaged
    {
        for (int row = range.Start; row < range.End; row++)
        {
            if (value is { } number)
            {
                into.Append(number);
            }
            else
            {
                into.AppendNull();
            }
        }
    }

    internal static void Append(string name, StoredValues stored, ValueForm form, RowSpan range, NumberColumn<int> into, List<RowFault> faults)
    {
        if (form == ValueForm.Integers && stored is { Int32: { } exact, NullCount: 0, Column.IsUnsigned: false })
        {
            into.AppendRange(exact.Values[range.Start..range.End]);
            return;
        }

        for (int row = range.Start; row < range.End; row++)
        {
            if (stored.IsNull(row))
            {
                into.AppendNull();
                continue;
            }

            if (Number(name, stored, form, row, out FieldFault fault) is { } number)
            {
                into.Append(number);
                continue;
            }

            // What it wraps to is what earlier versions took, and is looked at in their files only.
            into.Append(form == ValueForm.Integers ? unchecked((int)stored.Integer(row)) : 0);
            faults.Add(new RowFault(row - range.Start, name, fault, Json(stored, form, row)));
        }
    }

    /// <summary>Returns a number of 64 bits.</summary>
    internal static long? Number64(string name, StoredValues stored, ValueForm form, int row, out FieldFault fault)
    {
        fault = default;
        BigInteger? whole;
        if (form == ValueForm.Integers)
        {
            whole = stored.Integer(row);
        }
        else if (form == ValueForm.Decimals)
        {
            whole = Whole(stored.Unscaled(row), stored.Column.Scale);
        }
        else
        {
            double real = stored.Real(row);
            whole = double.IsFinite(real) && Math.Truncate(real) == real ? new BigInteger(real) : null;
        }

        if (whole is not { } number)
        {
            fault = FieldText.NotWhole(name, stored.Text(row, form) ?? "a decimal that is too long", IdType.Number64);
            return null;
        }

        if (number >= long.MinValue && number <= long.MaxValue)
        {
            return (long)number;
        }

        fault = FieldText.NumberOutOfRange(name, number.ToString(CultureInfo.InvariantCulture), IdType.Number64);
        return null;
    }

    private static int? Number(string name, StoredValues stored, ValueForm form, int row, out FieldFault fault)
    {
        fault = default;
        switch (form)
        {
            case ValueForm.Integers when stored.Int64 is { } wide && !stored.Column.IsUnsigned:
                long number = wide.Values[row];
                return number == (int)number ? (int)number : Misfit(name, number.ToString(CultureInfo.InvariantCulture), out fault);
            case ValueForm.Integers:
                Int128 unsigned = stored.Integer(row);
                return unsigned <= int.MaxValue && unsigned >= int.MinValue ? (int)unsigned : Misfit(name, unsigned.ToString(CultureInfo.InvariantCulture), out fault);
            case ValueForm.Decimals:
                return Whole(stored.Unscaled(row), stored.Column.Scale) is not { } whole ? Fraction(name, stored.Text(row, form), out fault)
                    : whole >= int.MinValue && whole <= int.MaxValue ? (int)whole
                    : Misfit(name, whole.ToString(CultureInfo.InvariantCulture), out fault);
            default:
                double real = stored.Real(row);
                bool isWhole = double.IsFinite(real) && Math.Truncate(real) == real;
                return !isWhole ? Fraction(name, stored.Text(row, form), out fault)
                    : real >= int.MinValue && real <= int.MaxValue ? (int)real
                    : OutOfRange(name, Math.Abs(real) < DigitsUntil ? WholeText(real) : stored.Text(row, form)!, out fault);
        }
    }

    private static string? WholeText(StoredValues stored, ValueForm form, int row) => form switch
    {
        ValueForm.Decimals => Whole(stored.Unscaled(row), stored.Column.Scale)?.ToString(CultureInfo.InvariantCulture),
        ValueForm.Reals when stored.Real(row) is var real && double.IsFinite(real) && Math.Truncate(real) == real => WholeText(real),
        _ => null,
    };

    private static string WholeText(double real) => new BigInteger(real).ToString(CultureInfo.InvariantCulture);

    private static BigInteger? Whole(BigInteger? unscaled, int scale)
    {
        if (unscaled is not { } digits || scale == 0)
        {
            return unscaled;
        }

        BigInteger whole = BigInteger.DivRem(digits, BigInteger.Pow(10, scale), out BigInteger fraction);
        return fraction.IsZero ? whole : null;
    }

    private static int? Fraction(string name, string? text, out FieldFault fault)
    {
        fault = FieldText.NotWhole(name, text ?? "a decimal that is too long");
        return null;
    }

    private static int? OutOfRange(string name, string text, out FieldFault fault)
    {
        fault = FieldText.NumberOutOfRange(name, text);
        return null;
    }

    // Read as text it is refused in the words that other inputs get.
    private static int? Misfit(string name, string text, out FieldFault fault)
    {
        FieldText.TryReadInteger(name, Encoding.UTF8.GetBytes(text), out _, out fault);
        return null;
    }

    // A whole number with all its digits, for the fault: the fewest that read back as the same 32 bits may be another number's.
    internal static byte[] Json(StoredValues stored, ValueForm form, int row) =>
        (WholeText(stored, form, row) ?? stored.Text(row, form)) is not { } text
            ? JsonBytes.Text(stored.Bytes![row])
            : char.IsAsciiLetter(text[^1]) ? JsonBytes.Text(Encoding.UTF8.GetBytes(text)) : Encoding.UTF8.GetBytes(text);
}
