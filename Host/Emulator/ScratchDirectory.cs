using System;
using System.IO;

namespace HaukiOS.Host.Emulator;

/// <summary>A directory of one's own for sockets, disks and logs; gone with everything in it when disposed.</summary>
public sealed class ScratchDirectory : IDisposable
{
    /// <summary>Makes the directory. The name is short: a Unix socket's path holds 107 bytes.</summary>
    public ScratchDirectory() => FullPath = Directory.CreateTempSubdirectory("hauki-").FullName;

    /// <summary>The directory.</summary>
    public string FullPath { get; }

    /// <summary>The path of a file in the directory.</summary>
    public string File(string name) => Path.Combine(FullPath, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(FullPath, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Disposed twice: it is gone, which is all that was asked.
        }
    }
}
