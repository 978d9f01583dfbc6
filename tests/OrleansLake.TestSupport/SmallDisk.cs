using System.Diagnostics;

namespace OrleansLake.TestSupport;

/// <summary>
/// A disk of some megabytes in memory (tmpfs), mounted in a folder that goes with the test. It can be filled, and it can
/// become read-only while files on it are open.
/// </summary>
public sealed class SmallDisk : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private bool _isReadOnly;

    /// <param name="megabytes">The disk's size.</param>
    public SmallDisk(int megabytes)
    {
        Directory.CreateDirectory(Folder);
        Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", Folder);
    }

    /// <summary>Gets the reason why there can be none here; null when there can.</summary>
    public static string? ImpossibleBecause { get; } = Try();

    /// <summary>Gets the place where it is mounted.</summary>
    public string Folder => _scratch["disk"];

    /// <summary>Takes all the room but some.</summary>
    /// <param name="leftBytes">What is left.</param>
    public void Fill(long leftBytes)
    {
        string filler = Path.Combine(Folder, "filler");
        byte[] block = new byte[64 * 1024];
        using var file = new FileStream(filler, FileMode.Append, FileAccess.Write, FileShare.None, 0);
        while (new DriveInfo(Folder).AvailableFreeSpace is var free && free > leftBytes)
        {
            try
            {
                file.Write(block, 0, (int)Math.Min(block.Length, free - leftBytes));
            }
            catch (IOException)
            {
                // Another process on the disk was faster.
                return;
            }
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Free() => File.Delete(Path.Combine(Folder, "filler"));

    /// <summary>
    /// From now on nothing can be created, renamed or deleted. Files that are open for writing stay so: Linux refuses to
    /// remount a disk on which there are some (EBUSY), so a read-only view is mounted over it. The view is made aside,
    /// where nobody opens a file before it is read-only.
    /// </summary>
    public void MakeReadOnly()
    {
        string aside = Directory.CreateDirectory(_scratch["read-only"]).FullName;
        Run("mount", "--bind", Folder, aside);
        Run("mount", "-o", "remount,bind,ro", aside);
        Run("mount", "--bind", aside, Folder);
        _isReadOnly = true;
        Run("umount", aside);
    }

    /// <summary>Ends <see cref="MakeReadOnly"/>.</summary>
    public void MakeWritable()
    {
        // Lazily: a reader may have a file open in the view.
        Run("umount", "--lazy", Folder);
        _isReadOnly = false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isReadOnly)
        {
            MakeWritable();
        }

        Run("umount", "--lazy", Folder);
        _scratch.Dispose();
    }

    private static string? Try()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "needs Linux's tmpfs to make a small disk";
        }

        try
        {
            using var disk = new SmallDisk(1);
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return "needs the right to mount a tmpfs to make a small disk";
        }
    }

    private static void Run(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)}: {error}");
        }
    }
}
