using System;
using System.IO;

namespace HaukiOS.Host.Unlock;

/// <summary>Small files of the operator that nobody else may read, and that are never there by halves.</summary>
internal static class PrivateFile
{
    /// <summary>The operator's directory for them: <c>$XDG_CONFIG_HOME/hauki</c>, or <c>~/.config/hauki</c>.</summary>
    public static string Directory
    {
        get
        {
            var configured = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME");
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            return Path.Combine(Path.IsPathRooted(configured) ? configured : Path.Combine(home, ".config"), "hauki");
        }
    }

    /// <summary>Writes a file beside its place and puts it there in one step.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var full = Path.GetFullPath(path);
        var directory = Path.GetDirectoryName(full)!;
        if (!System.IO.Directory.Exists(directory))
        {
            if (OperatingSystem.IsWindows())
            {
                System.IO.Directory.CreateDirectory(directory);
            }
            else
            {
                System.IO.Directory.CreateDirectory(
                    directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }

        var beside = $"{full}.{Environment.ProcessId}.new";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var file = new FileStream(beside, options))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, full, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }
}
