using System.Diagnostics;
using System.Globalization;
using OrleansLake.TestSupport;

namespace OrleansLake.Benchmarks.Comparing;

/// <summary>
/// The messages that works share, of <c>lake produce --profile bench --seed 1</c>: each message is a function of its
/// number, so a smaller set is the start of a larger one. Made when first asked for; a folder that is kept has them the
/// next time.
/// </summary>
internal sealed class BenchData(string folder)
{
    /// <summary>Gets the place where works may make what is theirs.</summary>
    public string Folder => folder;

    /// <summary>Bronze as Parquet: a folder of files.</summary>
    public string Bronze(long messages) => Made($"bronze-{Text(messages)}", making =>
        MeasuredProcess.Lake("produce", "--profile", "bench", "--seed", "1", "--count", Text(messages), "--parquet", making));

    /// <summary>The same messages as a file of NDJSON.</summary>
    public string Ndjson(long messages) => Made($"messages-{Text(messages)}.ndjson", making =>
    {
        using FileStream file = File.Create(making);
        Produce(messages, output => output.CopyTo(file, 1 << 20));
    });

    /// <summary>The same messages in a file of NDJSON, each line changed.</summary>
    public string Changed(string name, long messages, Func<string, string> change) => Made($"{name}-{Text(messages)}.ndjson", making =>
    {
        using var file = new StreamWriter(making) { NewLine = "\n" };
        foreach (string line in File.ReadLines(Ndjson(messages)))
        {
            file.WriteLine(change(line));
        }
    });

    /// <summary>Files of NDJSON with the messages that follow some number of them.</summary>
    public IReadOnlyList<string> Following(long messages, int files, int messagesPerFile)
    {
        string made = Made($"after-{Text(messages)}-{files}x{messagesPerFile}", making =>
        {
            Directory.CreateDirectory(making);
            Produce(messages + ((long)files * messagesPerFile), output => Split(output, messages, making, messagesPerFile));
        });
        return [.. Directory.EnumerateFiles(made).Order(StringComparer.Ordinal)];
    }

    /// <summary>A lake of these messages, published, to be read or copied; nobody writes to it.</summary>
    public string Lake(long messages) => Made($"lake-{Text(messages)}", making =>
    {
        var contender = new LakeContender(durable: false);
        contender.Prepare(Bronze(messages), making);
        contender.Run(Bronze(messages), making);
    });

    /// <summary>A folder that is empty.</summary>
    public string Fresh(string name)
    {
        string path = Path.Combine(folder, name);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        return Directory.CreateDirectory(path).FullName;
    }

    /// <summary>A copy of a folder. Its files are new ones: who writes to it leaves the other alone.</summary>
    public string Copy(string from, string name)
    {
        string to = Fresh(name);
        foreach (string inner in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, inner)));
        }

        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            File.Copy(file, target);

            // A lake knows the files of others by their times.
            File.SetLastWriteTimeUtc(target, File.GetLastWriteTimeUtc(file));
        }

        return to;
    }

    /// <summary>Has the producer write NDJSON into a stream.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static void Produce(long messages, Action<Stream> take)
    {
        var start = new ProcessStartInfo(
            LakeProcess.DotnetPath, [BuiltProgram.Lake, "produce", "--profile", "bench", "--seed", "1", "--count", Text(messages), "-"])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        take(process.StandardOutput.BaseStream);
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"lake produce ended with {process.ExitCode}");
        }
    }

    private string Made(string name, Action<string> make)
    {
        string path = Path.Combine(folder, name);
        if (!Path.Exists(path))
        {
            Stopwatch watch = Stopwatch.StartNew();
            string making = path + ".making";
            if (Directory.Exists(making))
            {
                Directory.Delete(making, recursive: true);
            }

            make(making);
            Directory.Move(making, path);
            Console.Error.WriteLine(string.Create(Results.Plain, $"made {name} in {watch.Elapsed.TotalSeconds:F1} s"));
        }

        return path;
    }

    // Lines after the first ones, so many into each file.
    private static void Split(Stream lines, long skipped, string folder, int linesPerFile)
    {
        byte[] buffer = new byte[1 << 20];
        long line = 0;
        FileStream? file = null;
        try
        {
            int read;
            while ((read = lines.Read(buffer)) > 0)
            {
                for (int at = 0; at < read;)
                {
                    int end = buffer.AsSpan(at, read - at).IndexOf((byte)'\n');
                    int length = end < 0 ? read - at : end + 1;
                    if (line >= skipped)
                    {
                        file ??= File.Create(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"new-{(line - skipped) / linesPerFile:D4}.ndjson")));
                        file.Write(buffer, at, length);
                    }

                    at += length;
                    if (end >= 0 && ++line > skipped && (line - skipped) % linesPerFile == 0)
                    {
                        file?.Dispose();
                        file = null;
                    }
                }
            }
        }
        finally
        {
            file?.Dispose();
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
