using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace OrleansLake.Core.Parsing;

/// <summary>
/// Reads a form (<c>application/x-www-form-urlencoded</c>, WHATWG URL, section 5.1) as one record: a JSON object of texts, so that all
/// that is done with records is done with forms.
/// </summary>
public static class FormText
{
    /// <summary>The most fields in a form.</summary>
    public const int FieldsMax = 1024;

    // What a person writes stays legible: the text is shown in quarantine, and in no page.
    private static readonly JsonWriterOptions Legible = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Returns whether bytes may be a form: they hold a name and a value, on one line, and do not begin as JSON does.</summary>
    public static bool MayBe(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> text = bytes.Trim(" \t\r\n"u8);
        return text is not [(byte)'{' or (byte)'[', ..] && text.Contains((byte)'=') && !text.Contains((byte)'\n');
    }

    /// <summary>
    /// Writes a form as a JSON object. A name that comes several times is an array of its texts; <c>country_id</c> and <c>user_id</c> are numbers
    /// where they are whole numbers, and null where they are empty.
    /// </summary>
    /// <param name="form">The form; line ends behind it do not count.</param>
    /// <param name="json">Gets the object.</param>
    /// <param name="error">What is wrong with the form; nothing was written then.</param>
    public static bool TryWriteJson(ReadOnlySpan<byte> form, IBufferWriter<byte> json, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(json);
        var fields = new OrderedDictionary<string, List<byte[]>>(StringComparer.Ordinal);
        int count = 0;
        ReadOnlySpan<byte> text = form.TrimEnd("\r\n"u8);
        foreach (Range range in text.Split((byte)'&'))
        {
            ReadOnlySpan<byte> pair = text[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            if (++count > FieldsMax)
            {
                error = string.Create(CultureInfo.InvariantCulture, $"it has more than {FieldsMax} fields");
                return false;
            }

            int equals = pair.IndexOf((byte)'=');
            ReadOnlySpan<byte> name = equals < 0 ? pair : pair[..equals];
            if (!TryDecode(name, name, out byte[] decodedName, out error) || !TryDecode(equals < 0 ? [] : pair[(equals + 1)..], name, out byte[] value, out error))
            {
                return false;
            }

            string key = Encoding.UTF8.GetString(decodedName);
            if (!fields.TryGetValue(key, out List<byte[]>? values))
            {
                fields.Add(key, values = []);
            }

            values.Add(value);
        }

        using var writer = new Utf8JsonWriter(json, Legible);
        writer.WriteStartObject();
        foreach ((string name, List<byte[]> values) in fields)
        {
            writer.WritePropertyName(name);
            Write(writer, InputFields.Find(Encoding.UTF8.GetBytes(name)), values);
        }

        writer.WriteEndObject();
        error = null;
        return true;
    }

    private static void Write(Utf8JsonWriter writer, InputField field, List<byte[]> values)
    {
        bool isNumber = values.Count == 1 && field is InputField.CountryId or InputField.UserId;
        if (isNumber && values[0].Length == 0)
        {
            writer.WriteNullValue();
        }
        else if (isNumber && IntegerText.IsInteger(values[0]))
        {
            writer.WriteRawValue(values[0], skipInputValidation: true);
        }
        else if (values.Count == 1)
        {
            writer.WriteStringValue(values[0]);
        }
        else
        {
            writer.WriteStartArray();
            values.ForEach(value => writer.WriteStringValue(value));
            writer.WriteEndArray();
        }
    }

    private static bool TryDecode(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, out byte[] decoded, [NotNullWhen(false)] out string? error)
    {
        decoded = new byte[text.Length];
        int length = 0;
        for (int at = 0; at < text.Length; at++)
        {
            byte one = text[at];
            if (one == '%')
            {
                if (at + 2 >= text.Length || Convert.FromHexString(text.Slice(at + 1, 2), decoded.AsSpan(length), out _, out _) != OperationStatus.Done)
                {
                    error = $"the field {ShownText.Quoted(name)} has {ShownText.Quoted(text.Slice(at, Math.Min(3, text.Length - at)))}, where two hexadecimal digits are expected behind %; a % itself is written %25";
                    return false;
                }

                length++;
                at += 2;
            }
            else
            {
                decoded[length++] = one == '+' ? (byte)' ' : one;
            }
        }

        Array.Resize(ref decoded, length);
        error = Utf8.IsValid(decoded) ? null : Utf8Fault.Describe($"field {ShownText.Quoted(name)}", decoded);
        return error is null;
    }
}
