using System;
using HaukiOS.Hardware;

namespace HaukiOS.Machine;

/// <summary>The real ports.</summary>
public sealed unsafe class MetalPorts : PortSpace
{
    /// <inheritdoc/>
    public override byte Read8(ushort port) => Cpu.In8(port);

    /// <inheritdoc/>
    public override ushort Read16(ushort port) => Cpu.In16(port);

    /// <inheritdoc/>
    public override uint Read32(ushort port) => Cpu.In32(port);

    /// <inheritdoc/>
    public override void Write8(ushort port, byte value) => Cpu.Out8(port, value);

    /// <inheritdoc/>
    public override void Write16(ushort port, ushort value) => Cpu.Out16(port, value);

    /// <inheritdoc/>
    public override void Write32(ushort port, uint value) => Cpu.Out32(port, value);

    /// <inheritdoc/>
    public override void ReadBlock16(ushort port, Span<byte> into)
    {
        fixed (byte* first = into)
        {
            Cpu.InBlock16(port, (ushort*)first, (uint)into.Length / sizeof(ushort));
        }
    }

    /// <inheritdoc/>
    public override void WriteBlock16(ushort port, ReadOnlySpan<byte> from)
    {
        fixed (byte* first = from)
        {
            Cpu.OutBlock16(port, (ushort*)first, (uint)from.Length / sizeof(ushort));
        }
    }

    /// <inheritdoc/>
    public override void ReadBlock32(ushort port, Span<byte> into)
    {
        fixed (byte* first = into)
        {
            Cpu.InBlock32(port, (uint*)first, (uint)into.Length / sizeof(uint));
        }
    }

    /// <inheritdoc/>
    public override void WriteBlock32(ushort port, ReadOnlySpan<byte> from)
    {
        fixed (byte* first = from)
        {
            Cpu.OutBlock32(port, (uint*)first, (uint)from.Length / sizeof(uint));
        }
    }
}
