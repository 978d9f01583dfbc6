using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Parsing;

/// <summary>
/// Reads a record along the paths of a mapping as programs write records: no escapes, at most one blank after a colon or a comma. Everything
/// else, wrong input and what the mapping rejects included, is declined and left to <see cref="JsonLine"/>.
/// </summary>
/// <remarks>As <see cref="JsonFastPath"/>, it needs no search for the line's end.</remarks>
/// <param name="values">Gets the values.</param>
/// <param name="leftOut">Gets the values to which no path leads.</param>
internal sealed class MappedFastPath(MappedValues values, LeftOutFields leftOut)
{
    private const int ShapesMax = 4;
    private const int UntriedMax = 255;

    // The one that a record had last is the first.
    private readonly List<RecordShape> _shapes = [];
    private int _untried;
    private int _misses;

    /// <summary>Reads the record that starts at a byte of a block of valid UTF-8.</summary>
    /// <param name="block">Lines; the last may lack its end.</param>
    /// <param name="start">Where the record starts.</param>
    /// <param name="fields">The message, if the record is taken; else undefined.</param>
    /// <param name="next">Where the next line starts.</param>
    /// <returns>Whether the record is taken.</returns>
    public bool TryParse(ReadOnlySpan<byte> block, int start, ref MessageFields fields, out int next)
    {
        next = start;
        ReadOnlySpan<byte> record = block[start..];
        if (record is not [(byte)'{', ..])
        {
            return false;
        }

        bool tries = _untried == 0;
        _untried -= tries ? 0 : 1;
        int end = tries ? TryShapes(record, ref fields) : -1;
        if (end < 0)
        {
            values.Clear();
            end = Walk(record, 0, values.Mapping.Root, ref fields);
            if (tries && end > 0)
            {
                Learn(record[..end]);
            }
        }

        if (end < 0 || !JsonFastPath.TryEnd(block, start + end, out next))
        {
            return false;
        }

        values.Finish(record[..end], leftOut, ref fields);
        return !fields.IsRejected;
    }

    // This and all that follow return the index behind what they read, or -1 if it is declined.
    private int TryShapes(ReadOnlySpan<byte> record, ref MessageFields fields)
    {
        for (int i = 0; i < _shapes.Count; i++)
        {
            values.Clear();
            int end = TryShape(record, _shapes[i], ref fields);
            if (end >= 0)
            {
                if (i > 0)
                {
                    (_shapes[0], _shapes[i]) = (_shapes[i], _shapes[0]);
                }

                _misses = 0;
                return end;
            }

            fields = new MessageFields { Ids = fields.Ids };
            leftOut.Drop();
        }

        return -1;
    }

    private int TryShape(ReadOnlySpan<byte> record, RecordShape shape, ref MessageFields fields)
    {
        int at = 0;
        foreach (ref readonly RecordShape.Step step in shape.Steps.AsSpan())
        {
            if (!record[at..].StartsWith(step.Before))
            {
                return -1;
            }

            at += step.Before.Length;
            at = step.Place is null ? PassUnknown(record, at, step.Parent, step.Name) : TakeUsual(record, at, step.Place, step.Usual, ref fields);
            if (at < 0)
            {
                return -1;
            }
        }

        return record[at..].StartsWith(shape.End) ? at + shape.End.Length : -1;
    }

    // Keeps the shape of a record that had none of those known. Where records go on being different, fewer and fewer of them are compared.
    private void Learn(ReadOnlySpan<byte> record)
    {
        _untried = _misses;
        _misses = Math.Min((_misses * 2) + 1, UntriedMax);
        if (RecordShape.Of(record, values.Mapping.Root, UsualOf) is { } shape)
        {
            if (_shapes.Count == ShapesMax)
            {
                _shapes.RemoveAt(ShapesMax - 1);
            }

            _shapes.Insert(0, shape);
        }
    }

    private UsualValue UsualOf(PathNode place)
    {
        if (place.Field < 0 || place.HasChildren)
        {
            return UsualValue.Any;
        }

        FieldMapping how = values.Mapping.Fields[place.Field]!;
        return (InputField)place.Field switch
        {
            InputField.Timestamp => how.Map is null && how.Formats is [{ IsEpoch: true }] ? UsualValue.Count : UsualValue.Any,
            InputField.MessageId => UsualValue.Any,
            InputField.CountryId or InputField.UserId => how.Map is null ? UsualValue.Integer : UsualValue.Any,
            _ => how.IsAsItIs ? UsualValue.Text : UsualValue.Any,
        };
    }

    // Its names are all different, so no field was read before.
    private int TakeUsual(ReadOnlySpan<byte> record, int at, PathNode place, UsualValue usual, ref MessageFields fields)
    {
        var field = (InputField)place.Field;
        if (usual == UsualValue.Text && at < record.Length && record[at] == '"')
        {
            int end = UsualJson.TextEnd(record, at + 1);
            if (end < 0)
            {
                return -1;
            }

            fields.Seen |= 1u << place.Field;
            fields.SetText(field, record[(at + 1)..end]);
            return end + 1;
        }

        if (usual >= UsualValue.Integer)
        {
            int end = UsualJson.IntegerEnd(record, at, out long number);
            if (end > 0 && (usual == UsualValue.Count ? TryTakeCount(number, values.Mapping.Fields[place.Field]!.Formats[0]!, ref fields) : TryTakeId(number, field, ref fields)))
            {
                return end;
            }
        }

        return Take(record, at, place, ref fields);
    }

    private int Walk(ReadOnlySpan<byte> record, int at, PathNode place, ref MessageFields fields)
    {
        bool isArray = record[at++] == '[';
        byte close = isArray ? (byte)']' : (byte)'}';
        if (at < record.Length && record[at] == close)
        {
            return at + 1;
        }

        for (int index = 0; ; index++)
        {
            PathNode? next;
            ReadOnlySpan<byte> name = default;
            if (isArray)
            {
                next = place.Find(index);
            }
            else
            {
                int nameStart = at + 1;
                at = UsualJson.NameEnd(record, at, out int nameEnd);
                if (at < 0)
                {
                    return -1;
                }

                name = record[nameStart..nameEnd];
                next = place.Find(name);
            }

            at = next is null ? PassUnknown(record, at, place, name) : Take(record, at, next, ref fields);
            if (UsualJson.IsLast(record, ref at, close))
            {
                return at;
            }
        }
    }

    // A value to which a path leads.
    private int Take(ReadOnlySpan<byte> record, int at, PathNode place, ref MessageFields fields)
    {
        int start = at;
        if (at < record.Length && record[at] is (byte)'{' or (byte)'[')
        {
            at = place.HasChildren ? Walk(record, at, place, ref fields) : UsualJson.Pass(record, at);
            return at < 0 || !TryTake(place, ValueKind.Other, record, start, at, ref fields) ? -1 : at;
        }

        if (place.Field == (int)InputField.MessageId && TryTakeUuid(record, at, place, ref fields))
        {
            return at + UuidText.Length + 2;
        }

        at = UsualJson.Scalar(record, at, out ValueKind kind, out long? integer);
        if (at < 0)
        {
            return -1;
        }

        if (place.HasChildren)
        {
            if (kind == ValueKind.Text)
            {
                // Paths may lead into it.
                return -1;
            }

            if (kind != ValueKind.Null && place.Slots.Count == 0)
            {
                leftOut.See(place.Utf8);
            }
        }

        if (integer is { } number && place.Field >= 0 && TryTakeInteger(number, place, ref fields))
        {
            return at;
        }

        bool isTaken = kind == ValueKind.Text ? TryTake(place, kind, record, start + 1, at - 1, ref fields) : TryTake(place, kind, record, start, at, ref fields);
        return isTaken ? at : -1;
    }

    private bool TryTakeUuid(ReadOnlySpan<byte> record, int at, PathNode place, ref MessageFields fields)
    {
        const uint Bit = 1u << (int)InputField.MessageId;
        ReadOnlySpan<byte> quoted = record[at..];
        if (quoted.Length < UuidText.Length + 2 || quoted[0] != '"' || quoted[UuidText.Length + 1] != '"' || (fields.Seen & Bit) != 0
            || !values.Mapping.Fields[place.Field]!.IsAsItIs || !UuidText.TryParse(quoted.Slice(1, UuidText.Length), out fields.Uuid))
        {
            return false;
        }

        fields.IsUuid = true;
        fields.Seen |= Bit;
        fields.SetText(InputField.MessageId, quoted.Slice(1, UuidText.Length));
        return true;
    }

    private bool TryTakeInteger(long number, PathNode place, ref MessageFields fields)
    {
        FieldMapping how = values.Mapping.Fields[place.Field]!;
        var field = (InputField)place.Field;
        if ((fields.Seen >> place.Field & 1) != 0 || how.Map is not null)
        {
            return false;
        }

        return field == InputField.Timestamp && how.Formats is [{ IsEpoch: true } format] ? TryTakeCount(number, format, ref fields)
            : field is InputField.CountryId or InputField.UserId && TryTakeId(number, field, ref fields);
    }

    private bool TryTakeCount(long number, TimestampFormat format, ref MessageFields fields)
    {
        if (!values.TryFromCount(number, format, out long micros))
        {
            return false;
        }

        fields.Seen |= 1u << (int)InputField.Timestamp;
        fields.SetTimestamp(micros);
        return true;
    }

    private static bool TryTakeId(long number, InputField field, ref MessageFields fields)
    {
        if (number != (int)number || fields.TypeOf(field) != IdType.Number32)
        {
            return false;
        }

        fields.SetInteger(field, (int)number);
        return true;
    }

    private bool TryTake(PathNode place, ValueKind kind, ReadOnlySpan<byte> record, int start, int end, ref MessageFields fields)
    {
        if (place.Field < 0)
        {
            if (place.Slots.Count > 0)
            {
                values.Put(place, kind, kind == ValueKind.Null ? default : new MappedText(start, end - start, IsInScratch: false), ref fields);
            }

            return !fields.IsRejected;
        }

        var field = (InputField)place.Field;
        if ((fields.Seen >> (int)field & 1) != 0)
        {
            return false;
        }

        if (kind == ValueKind.Null)
        {
            fields.Seen |= 1u << (int)field;
        }
        else
        {
            values.Set(field, values.Mapping.Fields[place.Field]!, kind, record[start..end], ref fields);
        }

        return !fields.IsRejected;
    }

    private int PassUnknown(ReadOnlySpan<byte> record, int at, PathNode place, ReadOnlySpan<byte> name)
    {
        if (at < record.Length && record[at] == 'n')
        {
            return UsualJson.Scalar(record, at, out _, out _);
        }

        if (place.Utf8.Length == 0 && (at >= record.Length || record[at] != '{'))
        {
            leftOut.See(name);
            return UsualJson.Pass(record, at);
        }

        leftOut.StartPath(place.Utf8, name);
        return UsualJson.Pass(record, at, leftOut);
    }
}
