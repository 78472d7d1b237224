using System;
using System.IO;
using HaukiOS.Hardware;

namespace HaukiOS.Tests.Emulator;

/// <summary>A disk image of an emulated machine, read by the kernel's own code on the host. Takes no writes.</summary>
internal sealed class ImageFileDevice : IBlockDevice, IDisposable
{
    private readonly FileStream stream;

    /// <summary>Opens the image.</summary>
    public ImageFileDevice(string file) =>
        stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

    /// <inheritdoc/>
    public string Name => "image";

    /// <inheritdoc/>
    public long SectorCount => stream.Length / IBlockDevice.SectorSize;

    /// <inheritdoc/>
    public BlockResult Read(long sector, Span<byte> into)
    {
        stream.Position = sector * IBlockDevice.SectorSize;
        stream.ReadExactly(into);
        return BlockResult.Ok;
    }

    /// <inheritdoc/>
    public BlockResult Write(long sector, ReadOnlySpan<byte> from) => BlockResult.DeviceFault;

    /// <inheritdoc/>
    public BlockResult Flush() => BlockResult.DeviceFault;

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();
}
