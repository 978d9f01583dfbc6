using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;

namespace OrleansLake.Engine.Reading;

/// <summary>Turns a stored column into ids of a lake's type.</summary>
internal static class IdReading
{
    /// <summary>Appends the same id for every row, or nulls.</summary>
    internal static void AppendConstant(IdValue? id, IdType type, RowSpan range, IdColumn into)
    {
        if (id is { Number: { } number } && type == IdType.Number32)
        {
            NumberReading.AppendConstant<int>((int)number, range, into);
            return;
        }

        byte[]? name = id is { } value ? IdColumn.NameOf(value, type) : null;
        for (int row = range.Start; row < range.End; row++)
        {
            if (name is null)
            {
                into.AppendNull();
            }
            else
            {
                into.AppendName(type, name);
            }
        }
    }

    internal static void Append(string name, IdType type, StoredValues stored, ValueForm form, RowSpan range, IdColumn into, List<RowFault> faults)
    {
        if (type == IdType.Number32)
        {
            NumberReading.Append(name, stored, form, range, into, faults);
        }
        else if (form == ValueForm.Text)
        {
            AppendTexts(name, type, stored, range, into, faults);
        }
        else
        {
            AppendNumbers(name, type, stored, form, range, into, faults);
        }
    }

    private static void AppendTexts(string name, IdType type, StoredValues stored, RowSpan range, IdColumn into, List<RowFault> faults)
    {
        var texts = new TextReading(range, faults);
        NameColumn read = texts.ReadNames(name, stored);
        int[] codes = new int[read.Names.Count];    // own code + 1; 0 is not looked up, -1 is not an id
        var wrong = new FieldFault[codes.Length];
        for (int row = 0; row < read.Count; row++)
        {
            if (read.IsNull(row))
            {
                into.AppendNull();
                continue;
            }

            int code = read.Codes[row];
            if (codes[code] == 0)
            {
                codes[code] = FieldText.TryReadId(name, type, read.Names[code], out IdValue id, out wrong[code])
                    ? into.NamesOf(type).GetOrAdd(IdColumn.NameOf(id, type)) + 1 : -1;
            }

            if (codes[code] > 0)
            {
                into.Append(codes[code] - 1);
            }
            else
            {
                into.AppendNull();
                ReadOnlySpan<byte> text = read.Names[code];
                faults.Add(new RowFault(row, name, wrong[code], JsonBytes.Text(text[..Math.Min(text.Length, TextReading.KeptBytesMax)])));
            }
        }
    }

    private static void AppendNumbers(string name, IdType type, StoredValues stored, ValueForm form, RowSpan range, IdColumn into, List<RowFault> faults)
    {
        for (int row = range.Start; row < range.End; row++)
        {
            if (stored.IsNull(row))
            {
                into.AppendNull();
            }
            else if (type == IdType.Number64 && form == ValueForm.Integers && stored.Int64 is { } wide && !stored.Column.IsUnsigned)
            {
                into.AppendInt64(wide.Values[row]);
            }
            else if (type == IdType.Number64 && NumberReading.Number64(name, stored, form, row, out FieldFault fault) is var number)
            {
                if (number is { } value)
                {
                    into.AppendInt64(value);
                }
                else
                {
                    into.AppendNull();
                    faults.Add(new RowFault(row - range.Start, name, fault, NumberReading.Json(stored, form, row)));
                }
            }
            else if (stored.Text(row, form) is { } text)
            {
                into.Append(Encoding.ASCII.GetBytes(text));
            }
            else
            {
                into.AppendNull();
                faults.Add(new RowFault(row - range.Start, name, FieldText.NotWhole(name, "a decimal that is too long", type), NumberReading.Json(stored, form, row)));
            }
        }
    }
}
