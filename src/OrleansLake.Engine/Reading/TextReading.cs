using System.Globalization;
using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Reading;

/// <summary>Turns stored columns into text, names and ids: numbers and UUIDs as their text, bytes if they are UTF-8.</summary>
/// <param name="range">The rows.</param>
/// <param name="faults">Gets what is not text.</param>
internal readonly struct TextReading(RowSpan range, List<RowFault> faults)
{
    // Of a text that is too long to be kept.
    internal const int KeptBytesMax = 64 * 1024;

    internal void AppendTexts(string name, StoredValues? stored, ValueForm form, PathColumns path, TextColumn into)
    {
        if (stored is null)
        {
            byte[]? constant = path.Text(name);
            for (int row = range.Start; row < range.End; row++)
            {
                if (constant is null)
                {
                    into.AppendNull();
                }
                else
                {
                    into.Append(constant);
                }
            }
        }
        else if (form == ValueForm.Text)
        {
            AppendTexts(name, stored, into);
        }
        else
        {
            AppendAsText(name, stored, form, into);
        }
    }

    internal void AppendNames(string name, StoredValues? stored, PathColumns path, NameColumn into)
    {
        if (stored?.Bytes is null)
        {
            int constant = path.Text(name) is { } text ? into.Names.GetOrAdd(text) : NameColumn.NullCode;
            for (int row = range.Start; row < range.End; row++)
            {
                into.AppendCode(constant);
            }

            return;
        }

        AppendNames(name, stored, into);
    }

    private void AppendNames(string name, StoredValues stored, NameColumn into)
    {
        // A dictionary's entries are looked up once each, not once a row.
        BytesBuffer source = stored.Bytes!;
        ReadOnlySpan<int> codes = source.Codes;
        int[] known = source.IsDictionary ? new int[source.EntryCount] : [];
        var check = new TextCheck(stored);
        for (int row = range.Start; row < range.End; row++)
        {
            if (source.IsNull(row))
            {
                into.AppendNull();
            }
            else if (check.IsNeeded && check.Fault(name, row) is { } fault)
            {
                into.AppendNull();
                Add(name, row, fault, source[row]);
            }
            else if (!source.IsDictionary)
            {
                into.Append(source[row]);
            }
            else
            {
                ref int code = ref known[codes[row]];
                code = code == 0 ? into.Names.GetOrAdd(source[row]) + 1 : code;
                into.AppendCode(code - 1);
            }
        }
    }

    /// <summary>Returns the rows of a column of text.</summary>
    internal NameColumn ReadNames(string name, StoredValues stored)
    {
        var names = new NameColumn();
        AppendNames(name, stored, names);
        return names;
    }

    internal void AppendIds(StoredValues? stored, ValueForm form, PathColumns path, MessageIdColumn into)
    {
        const string Name = "message_id";
        byte[]? constant = stored is null ? path.Text(Name) : null;
        var check = new TextCheck(form == ValueForm.Text ? stored : null);
        for (int row = range.Start; row < range.End; row++)
        {
            if (constant is not null)
            {
                into.Append(constant);
            }
            else if (stored is null || stored.IsNull(row))
            {
                into.AppendNull();
            }
            else if (form == ValueForm.Uuids)
            {
                into.AppendUuid(stored.Uuid(row));
            }
            else if (form != ValueForm.Text)
            {
                AppendNumber(stored, form, row, into);
            }
            else if (check.IsNeeded && check.Fault(Name, row) is { } fault)
            {
                into.AppendNull();
                Add(Name, row, fault, stored.Bytes![row]);
            }
            else
            {
                into.Append(stored.Bytes![row]);
            }
        }
    }

    private void AppendNumber(StoredValues stored, ValueForm form, int row, MessageIdColumn into)
    {
        if (stored.Text(row, form) is { } text)
        {
            into.Append(Encoding.ASCII.GetBytes(text));
        }
        else
        {
            into.AppendNull();
            AddTooLong("message_id", row, stored);
        }
    }

    private void AppendTexts(string name, StoredValues stored, TextColumn into)
    {
        BytesBuffer source = stored.Bytes!;
        var check = new TextCheck(stored);
        if (source.NullCount == 0 && !source.IsDictionary && !check.IsNeeded)
        {
            ReadOnlySpan<int> offsets = source.Offsets[range.Start..(range.End + 1)];
            into.AppendRange(source.Bytes[offsets[0]..offsets[^1]], offsets);
            return;
        }

        for (int row = range.Start; row < range.End; row++)
        {
            if (source.IsNull(row))
            {
                into.AppendNull();
            }
            else if (check.IsNeeded && check.Fault(name, row) is { } fault)
            {
                into.AppendNull();
                Add(name, row, fault, source[row]);
            }
            else
            {
                into.Append(source[row]);
            }
        }
    }

    private void AppendAsText(string name, StoredValues stored, ValueForm form, TextColumn into)
    {
        Span<byte> digits = stackalloc byte[20];
        for (int row = range.Start; row < range.End; row++)
        {
            if (stored.IsNull(row))
            {
                into.AppendNull();
            }
            else if (form == ValueForm.Integers && !stored.Column.IsUnsigned)
            {
                long number = stored.Int32 is { } narrow ? narrow.Values[row] : stored.Int64!.Values[row];
                number.TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
                into.Append(digits[..length]);
            }
            else if (stored.Text(row, form) is { } text)
            {
                into.Append(Encoding.ASCII.GetBytes(text));
            }
            else
            {
                into.AppendNull();
                AddTooLong(name, row, stored);
            }
        }
    }

    private void AddTooLong(string name, int row, StoredValues stored) =>
        Add(name, row, new FieldFault(RejectionReason.NumberOutOfRange, $"{name} is a decimal of {stored.Bytes![row].Length} bytes, but at most 64 are expected"), stored.Bytes[row]);

    private void Add(string name, int row, FieldFault fault, ReadOnlySpan<byte> bytes) =>
        faults.Add(new RowFault(row - range.Start, name, fault, JsonBytes.Text(bytes[..Math.Min(bytes.Length, fault.Reason == RejectionReason.TooLong ? KeptBytesMax : bytes.Length)])));

    /// <summary>A check whether entries of text can be taken; nearly always all of them, which is known without looking at each.</summary>
    private readonly struct TextCheck
    {
        private readonly StoredValues? _stored;
        private readonly bool[]? _notUtf8;

        internal TextCheck(StoredValues? stored)
        {
            _stored = stored;
            _notUtf8 = stored?.NotUtf8();
            IsNeeded = _notUtf8 is not null || stored?.Bytes!.Bytes.Length > FieldText.BytesMax;
        }

        internal bool IsNeeded { get; }

        internal FieldFault? Fault(string name, int row)
        {
            BytesBuffer source = _stored!.Bytes!;
            int entry = source.IsDictionary ? source.Codes[row] : row;
            ReadOnlySpan<byte> bytes = source[row];
            return _notUtf8?[entry] == true ? FieldText.NotUtf8(name, bytes)
                : bytes.Length > FieldText.BytesMax ? FieldText.TooLong(name, bytes.Length) : null;
        }
    }
}
