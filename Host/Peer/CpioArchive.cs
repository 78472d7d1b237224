using System;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Text;

namespace HaukiOS.Host.Peer;

/// <summary>
/// Writes the archive that Linux unpacks as its first file system: "newc" cpio under gzip (the kernel's
/// Documentation/driver-api/early-userspace/buffer-format). Device nodes need no root rights here.
/// </summary>
internal sealed class CpioArchive : IDisposable
{
    private const uint Regular = 0x8000;
    private const uint Directory = 0x4000;
    private const uint Link = 0xA000;
    private const uint CharacterDevice = 0x2000;

    private readonly Stream stream;
    private uint inode;
    private long position;

    /// <summary>Begins the file.</summary>
    public CpioArchive(string file) => stream = new GZipStream(File.Create(file), CompressionLevel.SmallestSize);

    /// <summary>Adds a directory; its parents come before it.</summary>
    public void AddDirectory(string path) => Add(path, Directory | 0x1ED, []);

    /// <summary>Adds a program.</summary>
    public void AddProgram(string path, ReadOnlySpan<byte> content) => Add(path, Regular | 0x1ED, content);

    /// <summary>Adds a symbolic link.</summary>
    public void AddLink(string path, string target) => Add(path, Link | 0x1FF, Encoding.UTF8.GetBytes(target));

    /// <summary>Adds a character device.</summary>
    public void AddDevice(string path, uint major, uint minor) =>
        Add(path, CharacterDevice | 0x180, [], major, minor);

    /// <inheritdoc/>
    public void Dispose()
    {
        Add("TRAILER!!!", 0, []);
        stream.Dispose();
    }

    private void Add(string path, uint mode, ReadOnlySpan<byte> content, uint major = 0, uint minor = 0)
    {
        var name = Encoding.UTF8.GetBytes(path + "\0");
        Span<uint> fields =
        [
            ++inode, mode, 0, 0, 1, 0, (uint)content.Length, 0, 0, major, minor, (uint)name.Length, 0,
        ];
        var header = new StringBuilder("070701");
        foreach (var field in fields)
        {
            header.Append(field.ToString("X8", CultureInfo.InvariantCulture));
        }

        Write(Encoding.ASCII.GetBytes(header.ToString()));
        Write(name);
        Align();
        Write(content);
        Align();
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        position += bytes.Length;
    }

    private void Align()
    {
        while (position % 4 != 0)
        {
            Write([0]);
        }
    }
}
