using System;

namespace HaukiOS.Hardware;

/// <summary>
/// The 64 KiB of x86 I/O ports. On the metal the instructions <c>in</c> and <c>out</c>; on the host a simulated
/// device. Drivers see ports only through this class, so that every driver can be tested without hardware.
/// </summary>
public abstract class PortSpace
{
    /// <summary>Reads one byte.</summary>
    public abstract byte Read8(ushort port);

    /// <summary>Reads one 16-bit word.</summary>
    public abstract ushort Read16(ushort port);

    /// <summary>Reads one 32-bit word.</summary>
    public abstract uint Read32(ushort port);

    /// <summary>Writes one byte.</summary>
    public abstract void Write8(ushort port, byte value);

    /// <summary>Writes one 16-bit word.</summary>
    public abstract void Write16(ushort port, ushort value);

    /// <summary>Writes one 32-bit word.</summary>
    public abstract void Write32(ushort port, uint value);

    /// <summary>Fills <paramref name="into"/> with 16-bit reads of one port (<c>rep insw</c>).</summary>
    public abstract void ReadBlock16(ushort port, Span<byte> into);

    /// <summary>Writes <paramref name="from"/> to one port in 16-bit words (<c>rep outsw</c>).</summary>
    public abstract void WriteBlock16(ushort port, ReadOnlySpan<byte> from);

    /// <summary>Fills <paramref name="into"/> with 32-bit reads of one port (<c>rep insd</c>).</summary>
    public abstract void ReadBlock32(ushort port, Span<byte> into);

    /// <summary>Writes <paramref name="from"/> to one port in 32-bit words (<c>rep outsd</c>).</summary>
    public abstract void WriteBlock32(ushort port, ReadOnlySpan<byte> from);
}

/// <summary>One 8-bit register.</summary>
public readonly struct Port8(PortSpace space, ushort number)
{
    /// <summary>Reads the register.</summary>
    public byte Read() => space.Read8(number);

    /// <summary>Writes the register.</summary>
    public void Write(byte value) => space.Write8(number, value);
}

/// <summary>One 16-bit register.</summary>
public readonly struct Port16(PortSpace space, ushort number)
{
    /// <summary>Reads the register.</summary>
    public ushort Read() => space.Read16(number);

    /// <summary>Writes the register.</summary>
    public void Write(ushort value) => space.Write16(number, value);

    /// <summary>Fills <paramref name="into"/> from the register; an even number of bytes.</summary>
    public void ReadBlock(Span<byte> into) => space.ReadBlock16(number, into);

    /// <summary>Writes <paramref name="from"/> to the register; an even number of bytes.</summary>
    public void WriteBlock(ReadOnlySpan<byte> from) => space.WriteBlock16(number, from);
}

/// <summary>One 32-bit register.</summary>
public readonly struct Port32(PortSpace space, ushort number)
{
    /// <summary>Reads the register.</summary>
    public uint Read() => space.Read32(number);

    /// <summary>Writes the register.</summary>
    public void Write(uint value) => space.Write32(number, value);

    /// <summary>Fills <paramref name="into"/> from the register; whole words.</summary>
    public void ReadBlock(Span<byte> into) => space.ReadBlock32(number, into);

    /// <summary>Writes <paramref name="from"/> to the register; whole words.</summary>
    public void WriteBlock(ReadOnlySpan<byte> from) => space.WriteBlock32(number, from);
}
