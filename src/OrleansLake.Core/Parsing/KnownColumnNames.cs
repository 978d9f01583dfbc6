using System.Text;

namespace OrleansLake.Core.Parsing;

/// <summary>The names that the columns of a message have in every input.</summary>
public static class KnownColumnNames
{
    /// <summary>Gets a value indicating whether a name, exactly as it is written, is one of a message's columns.</summary>
    public static bool Contains(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return InputFields.Find(Encoding.UTF8.GetBytes(name)) != InputField.Unknown;
    }
}
