namespace OrleansLake.Core.Parsing;

/// <summary>The names of a message's fields.</summary>
internal static class InputFields
{
    public const int Count = (int)InputField.Unknown;

    public static InputField Find(ReadOnlySpan<byte> name)
    {
        for (InputField field = 0; field < InputField.Unknown; field++)
        {
            if (name.SequenceEqual(Utf8Name(field)))
            {
                return field;
            }
        }

        return InputField.Unknown;
    }

    public static string Name(InputField field) => System.Text.Encoding.UTF8.GetString(Utf8Name(field));

    private static ReadOnlySpan<byte> Utf8Name(InputField field) => field switch
    {
        InputField.Timestamp => "timestamp"u8,
        InputField.Value => "value"u8,
        InputField.EventType => "event_type"u8,
        InputField.MessageId => "message_id"u8,
        InputField.Channel => "channel"u8,
        InputField.CountryId => "country_id"u8,
        InputField.UserId => "user_id"u8,
        _ => default,
    };
}
