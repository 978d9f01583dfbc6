using System.Globalization;

namespace OrleansLake.Core.Messages;

/// <summary>The id of a user or a country: a whole number, or a text where the lake's ids are texts.</summary>
public readonly struct IdValue : IEquatable<IdValue>, IComparable<IdValue>
{
    private readonly long _number;
    private readonly string? _text;

    /// <summary>Initializes an id that is a number.</summary>
    public IdValue(long number) => _number = number;

    /// <summary>Initializes an id that is a text.</summary>
    public IdValue(string text) => _text = text ?? throw new ArgumentNullException(nameof(text));

    /// <summary>Gets the text; null if it is a number.</summary>
    public string? Text => _text;

    /// <summary>Gets the number; null if it is a text, even one of digits.</summary>
    public long? Number => _text is null ? _number : null;

    /// <summary>Gets a value indicating whether JavaScript reads it as it is: beyond 2^53 it rounds numbers, and JSON has them as text.</summary>
    public bool IsExactInJavaScript => _text is not null || _number is >= -((1L << 53) - 1) and <= (1L << 53) - 1;

    /// <summary>Returns an id that is a number.</summary>
    public static implicit operator IdValue(int number) => new(number);

    /// <summary>Returns an id that is a number.</summary>
    public static implicit operator IdValue(long number) => new(number);

    /// <inheritdoc cref="Equals(IdValue)"/>
    public static bool operator ==(IdValue left, IdValue right) => left.Equals(right);

    /// <summary>Returns whether two ids differ.</summary>
    public static bool operator !=(IdValue left, IdValue right) => !left.Equals(right);

    /// <summary>Returns whether the first comes before the second.</summary>
    public static bool operator <(IdValue left, IdValue right) => left.CompareTo(right) < 0;

    /// <summary>Returns whether the first comes behind the second.</summary>
    public static bool operator >(IdValue left, IdValue right) => left.CompareTo(right) > 0;

    /// <summary>Returns whether the first does not come behind the second.</summary>
    public static bool operator <=(IdValue left, IdValue right) => left.CompareTo(right) <= 0;

    /// <summary>Returns whether the first does not come before the second.</summary>
    public static bool operator >=(IdValue left, IdValue right) => left.CompareTo(right) >= 0;

    /// <summary>Returns an id that is a number: <c>new IdValue(number)</c>.</summary>
    public static IdValue FromInt64(long number) => new(number);

    /// <summary>Returns whether two ids are one. The number 7 is not the text "7": a lake has only ids of one type.</summary>
    public bool Equals(IdValue other) => _number == other._number && string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IdValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_number, _text);

    /// <summary>Returns the order of two ids, as reports have it: by number, or by the bytes of the text in UTF-8.</summary>
    public int CompareTo(IdValue other)
    {
        if (_text is null || other._text is null)
        {
            return _text is null && other._text is null ? _number.CompareTo(other._number) : _text is null ? -1 : 1;
        }

        int length = Math.Min(_text.Length, other._text.Length);
        int at = _text.AsSpan(0, length).CommonPrefixLength(other._text);
        return at == length ? _text.Length.CompareTo(other._text.Length) : Rank(_text[at]).CompareTo(Rank(other._text[at]));
    }

    /// <summary>Returns the number's digits, or the text.</summary>
    public override string ToString() => _text ?? _number.ToString(CultureInfo.InvariantCulture);

    // In UTF-8 the characters that take two units of UTF-16 come behind all others.
    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + char.MaxValue : unit;
}
