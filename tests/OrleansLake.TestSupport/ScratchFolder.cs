namespace OrleansLake.TestSupport;

/// <summary>A folder of a test's own that goes when the test ends.</summary>
public sealed class ScratchFolder : IDisposable
{
    /// <summary>The folder's path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("orleanslake-").FullName;

    /// <summary>The path of something in it.</summary>
    public string this[string relative] => System.IO.Path.Combine(Path, relative);

    /// <summary>Writes a file in it and gives its path.</summary>
    public string Write(string relative, ReadOnlySpan<byte> bytes)
    {
        var path = this[relative];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        using var file = File.Create(path);
        file.Write(bytes);
        return path;
    }

    /// <summary>Writes a text file (UTF-8, no BOM) in it and gives its path.</summary>
    public string Write(string relative, string text) => Write(relative, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Copies a folder with all that is in it and gives the copy's path.</summary>
    public string CopyFolder(string source, string relative)
    {
        var target = this[relative];
        foreach (var file in Directory.EnumerateFiles(source, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
        {
            var copy = System.IO.Path.Combine(target, System.IO.Path.GetRelativePath(source, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return target;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A killed process may still be letting go of a file; the system's temporary folder is emptied by others.
        }
    }
}
