using System.Buffers.Text;
using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;

namespace OrleansLake.Engine.Reading;

/// <summary>Writes stored values of any form as text. Keeps scratch memory: one thread at a time.</summary>
internal sealed class StoredText
{
    private readonly byte[] _text = new byte[64];

    /// <summary>Returns what a value is as text, valid until the next one is read.</summary>
    /// <param name="stored">The column.</param>
    /// <param name="form">The form of its values.</param>
    /// <param name="row">A row that is not null.</param>
    /// <param name="text">The text.</param>
    internal ValueKind Read(StoredValues stored, ValueForm form, int row, out ReadOnlySpan<byte> text)
    {
        switch (form)
        {
            case ValueForm.Text:
                text = stored.Bytes![row];
                return ValueKind.Text;
            case ValueForm.Integers when stored.Int32 is { } narrow && !stored.Column.IsUnsigned:
                Utf8Formatter.TryFormat(narrow.Values[row], _text, out int length);
                text = _text.AsSpan(0, length);
                return ValueKind.Number;
            case ValueForm.Integers when stored.Int64 is { } wide && !stored.Column.IsUnsigned:
                Utf8Formatter.TryFormat(wide.Values[row], _text, out length);
                text = _text.AsSpan(0, length);
                return ValueKind.Number;
            case ValueForm.Truths:
                text = stored.Truth(row) ? "true"u8 : "false"u8;
                return ValueKind.Truth;
            case ValueForm.Uuids:
                UuidText.Format(stored.Uuid(row), _text);
                text = _text.AsSpan(0, UuidText.Length);
                return ValueKind.Text;
            case ValueForm.Instants or ValueForm.Days or ValueForm.Times:
                text = Time(stored, form, row);
                return form == ValueForm.Times ? ValueKind.Text : ValueKind.Instant;
            case ValueForm.Integers or ValueForm.Decimals or ValueForm.Reals:
                string number = stored.Text(row, form) ?? $"a decimal of {stored.Bytes![row].Length} bytes";
                text = Encoding.ASCII.GetBytes(number);
                return !char.IsAsciiDigit(number[^1]) ? ValueKind.Text : form == ValueForm.Integers || (form == ValueForm.Decimals && stored.Column.Scale == 0) ? ValueKind.Number : ValueKind.Real;
            default:
                text = default;
                return ValueKind.Null;
        }
    }

    // As a sender of text would write it: with Z if it is of UTC, and without an offset if it is a clock's.
    private ReadOnlySpan<byte> Time(StoredValues stored, ValueForm form, int row)
    {
        if (form == ValueForm.Days)
        {
            return _text.AsSpan(0, DateText.Format(stored.Int32!.Values[row], _text));
        }

        if (TimestampReading.Micros(stored, form, row) is not { } micros)
        {
            return Encoding.UTF8.GetBytes(TimestampReading.Shown(stored, form, row));
        }

        int length = TimestampText.FormatUtc(micros, _text);
        return form == ValueForm.Times ? _text.AsSpan((DateText.Length + 1)..(length - 1))
            : _text.AsSpan(0, stored.Column.IsAdjustedToUtc ? length : length - 1);
    }
}
