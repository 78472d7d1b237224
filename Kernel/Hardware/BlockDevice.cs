using System;

namespace HaukiOS.Hardware;

/// <summary>How a request to a block device ended.</summary>
public enum BlockResult
{
    /// <summary>Done; for a flush: on the medium.</summary>
    Ok,

    /// <summary>The request reaches past the last sector. Nothing was done.</summary>
    OutOfRange,

    /// <summary>The medium could not be read or written at this place.</summary>
    MediumError,

    /// <summary>The device did not answer in time. It has been reset; the request may be tried again.</summary>
    Timeout,

    /// <summary>The device refused or aborted the request.</summary>
    DeviceFault,

    /// <summary>The device is gone.</summary>
    NoDevice,
}

/// <summary>
/// A disk. Requests are carried out one at a time and return when they ended; interrupts stay on meanwhile. A
/// failing sector is a result, never an exception and never a hang.
/// </summary>
public interface IBlockDevice
{
    /// <summary>Bytes in a sector.</summary>
    public const int SectorSize = 512;

    /// <summary>What the device says it is, for people.</summary>
    string Name { get; }

    /// <summary>Sectors on the device.</summary>
    long SectorCount { get; }

    /// <summary>Reads whole sectors.</summary>
    /// <param name="sector">The first sector, from 0.</param>
    /// <param name="into">A whole number of sectors.</param>
    BlockResult Read(long sector, Span<byte> into);

    /// <summary>
    /// Writes whole sectors. They survive a power cut only after the next <see cref="Flush"/> returned Ok.
    /// </summary>
    /// <param name="sector">The first sector, from 0.</param>
    /// <param name="from">A whole number of sectors.</param>
    BlockResult Write(long sector, ReadOnlySpan<byte> from);

    /// <summary>Waits until everything written before is on the medium.</summary>
    BlockResult Flush();
}
