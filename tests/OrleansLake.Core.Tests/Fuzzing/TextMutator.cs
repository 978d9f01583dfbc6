using System.Text;

namespace OrleansLake.Core.Tests.Fuzzing;

/// <summary>Damages text where parsers look: tokens are swapped, doubled, dropped, nested; bytes are changed.</summary>
internal static class TextMutator
{
    private static readonly byte[][] Tokens =
    [
        .. ((string[])
        [
            "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u", "\\ud83d", "\\ude00", "\\u0000", "null", "true", "false", "-", "0", "-0", "1e9", "1.0", "01",
            "2147483647", "2147483648", "-2147483648", "-2147483649", "99999999999999999999", "\"timestamp\":", "\"message_id\":", "\"user_id\":", "\"value\":",
            "\"event_type\"", "2024-02-29T23:59:59.999999Z", "0000-00-00T00:00:00Z", "9999-12-31T23:59:60Z", "+14:00", "\n", "\r\n", "\r", " ", "\t", "\"\"", "''", ";", "\uFEFF",
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":", "\\\"", "😀", "timestamp,message_id,user_id",
        ]).Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0x00], [0xF4, 0x90, 0x80, 0x80],
    ];

    public static byte[] Mutate(byte[] good, Random random)
    {
        var bytes = new List<byte>(good);
        for (int edits = random.Next(1, 5); edits > 0 && bytes.Count > 0; edits--)
        {
            int at = random.Next(bytes.Count);
            int length = Math.Min(bytes.Count - at, random.Next(1, 24));
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, Tokens[random.Next(Tokens.Length)]);
                    break;
                case 3:
                    bytes.RemoveRange(at, length);
                    bytes.InsertRange(at, Tokens[random.Next(Tokens.Length)]);
                    break;
                case 4:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                    break;
                case 5 when random.Next(50) == 0:
                    bytes.InsertRange(at, Enumerable.Repeat((byte)"[{\"x, \\"[random.Next(7)], random.Next(1, 5000)));
                    break;
                default:
                    bytes[at] = (byte)random.Next(256);
                    break;
            }
        }

        return [.. bytes];
    }
}
