using System.Globalization;
using System.Text;
using OrleansLake.Core.Parsing;
using OrleansLake.Storage;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Server.Security;

/// <summary>Files with a key a line: words with blanks between, the first of them its name; <c>#</c> begins a remark.</summary>
internal static class KeyLines
{
    // A key takes 100 bytes or so.
    private const int BytesMax = 16 * 1024 * 1024;

    /// <summary>Returns the lines that are not comments, with their numbers from 1.</summary>
    /// <exception cref="ServeSettingsException">The file cannot be read.</exception>
    internal static IEnumerable<(int Number, string[] Parts)> Read(string path, string what)
    {
        path = SystemPath.Of(path);
        List<string> lines = [];
        try
        {
            byte[] bytes = WholeFile.Read(path, BytesMax);
            if (WholeFile.PackedWith(bytes) is { } packing)
            {
                throw new ServeSettingsException($"The {what} cannot be read: {path} is packed with {packing}; unpack it.");
            }

            // As editors on Windows save it, too.
            using var reader = new StreamReader(new MemoryStream(bytes));
            while (reader.ReadLine() is { } line)
            {
                lines.Add(line);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string why = Directory.Exists(path) ? $"{path} is a folder; name a file."
                : e is FileNotFoundException or DirectoryNotFoundException ? $"there is no file {path}; `lake {(what == "keys" ? "key" : "embed-key")} NAME {(what == "keys" ? "--keys" : "--embed-keys")} {ShownText.InShell(path)}` makes one." : e.Message;
            throw new ServeSettingsException($"The {what} cannot be read: {why}", e);
        }

        return lines.Select((line, i) => (i + 1, line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).Where(line => line.Item2.Length > 0 && line.Item2[0][0] != '#');
    }

    /// <summary>Adds a line to a file, which is made if there is none; for its owner's eyes only if it holds secrets.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it holds, in words.</param>
    /// <param name="name">The key's name.</param>
    /// <param name="line">Its line.</param>
    /// <param name="isSecret">Whether the line is a secret.</param>
    /// <param name="show">Shows the key to the one it is for; where that fails the line is taken out again.</param>
    /// <exception cref="ServeSettingsException">A key of that name is there.</exception>
    internal static void Add(string path, string what, string name, string line, bool isSecret, Action? show = null)
    {
        path = SystemPath.Of(path);
        if (Directory.Exists(path))
        {
            throw new ServeSettingsException($"The {what} cannot be written: {path} is a folder; name a file.");
        }

        if (FileIdentity.Of(path) is { IsSpecial: true } identity)
        {
            throw new ServeSettingsException($"The {what} cannot be written: {path} is {identity.KindName}, and keeps nothing; name a file.");
        }

        string start = "";
        if (File.Exists(path))
        {
            foreach ((int number, string[] parts) in Read(path, what))
            {
                if (parts[0].Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    throw new ServeSettingsException(string.Create(
                        CultureInfo.InvariantCulture, $"{path} has a key named {name} in line {number}; give the new one another name, or remove that line."));
                }
            }

            // Somebody's editor may have left out the end of the last line.
            start = File.ReadAllText(path) is { Length: > 0 } text && text[^1] != '\n' ? "\n" : "";
        }

        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write };
        if (isSecret && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        bool isNew = !File.Exists(path);
        long before;
        using (var writer = new StreamWriter(path, options))
        {
            before = isNew ? 0 : new FileInfo(path).Length;
            writer.Write($"{start}{line}\n");
        }

        try
        {
            show?.Invoke();
        }
        catch
        {
            TakeOut(path, isNew, before, before + Encoding.UTF8.GetByteCount($"{start}{line}\n"));
            throw;
        }
    }

    // Unless somebody else has written behind it.
    private static void TakeOut(string path, bool isNew, long before, long after)
    {
        bool isLast;
        using (var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite))
        {
            isLast = file.Length == after;
            if (isLast)
            {
                file.SetLength(before);
            }
        }

        if (isLast && isNew)
        {
            File.Delete(path);
        }
    }
}
