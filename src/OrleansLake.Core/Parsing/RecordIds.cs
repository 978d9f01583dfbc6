using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Parsing;

/// <summary>
/// The ids of the record that is read, in a lake where some are not numbers of 32 bits. Keeps scratch memory, which the next record uses
/// again: one thread at a time.
/// </summary>
/// <param name="types">The types of the lake's ids.</param>
internal sealed class RecordIds(IdTypes types)
{
    /// <summary>The most bytes in a text: every id that occurs is held in memory, and some hundred bytes are more than any system's.</summary>
    public const int TextBytesMax = 1024;

    private readonly byte[] _user = new byte[TextBytesMax];
    private readonly byte[] _country = new byte[TextBytesMax];
    private int _userLength;
    private int _countryLength;

    /// <summary>Returns what keeps the ids of a lake's records; null where fields hold them.</summary>
    public static RecordIds? Of(IdTypes? types) => types is null || types.AreDefault ? null : new RecordIds(types);

    /// <summary>Returns the type of a field's ids.</summary>
    public IdType TypeOf(InputField field) => field == InputField.UserId ? types.User : types.Country;

    /// <summary>Takes an id by its text; false if it is not one of its type. Its type is not that of numbers of 32 bits.</summary>
    public bool TrySet(InputField field, ReadOnlySpan<byte> text)
    {
        Span<byte> name = field == InputField.UserId ? _user : _country;
        int length;
        if (TypeOf(field) == IdType.Text)
        {
            if (text.Length > TextBytesMax)
            {
                return false;
            }

            text.CopyTo(name);
            length = text.Length;
        }
        else
        {
            if (!IntegerText.TryParse(text, out long number, out _))
            {
                return false;
            }

            IdColumn.WriteName(number, name);
            length = IdColumn.NumberNameBytes;
        }

        (field == InputField.UserId ? ref _userLength : ref _countryLength) = length;
        return true;
    }

    /// <summary>Appends the record's id.</summary>
    public void AppendTo(IdColumn column, InputField field) => column.AppendName(
        TypeOf(field), field == InputField.UserId ? _user.AsSpan(0, _userLength) : _country.AsSpan(0, _countryLength));
}
