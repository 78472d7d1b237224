using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using HaukiOS.Hardware;

namespace HaukiOS.Tests.Unit.Drivers;

/// <summary>A device of a test, seen at a range of ports.</summary>
public interface ISimulatedDevice
{
    /// <summary>A read of <paramref name="width"/> bytes.</summary>
    uint Read(int offset, int width);

    /// <summary>A write of <paramref name="width"/> bytes.</summary>
    void Write(int offset, int width, uint value);
}

/// <summary>Ports with simulated devices behind some of them; where there is none, all bits read as ones.</summary>
public sealed class SimulatedPorts : PortSpace
{
    private readonly List<(int First, int Count, ISimulatedDevice Device)> devices = new();

    /// <summary>Reads and writes, each word of a block counted.</summary>
    public int Accesses { get; set; }

    /// <summary>What happens after every access: the moments at which an interrupt may come.</summary>
    public Action? AfterAccess { get; set; }

    /// <summary>Puts a device at a range of ports.</summary>
    public void Add(int first, int count, ISimulatedDevice device) => devices.Add((first, count, device));

    /// <summary>Takes a device away again.</summary>
    public void Remove(ISimulatedDevice device) => devices.RemoveAll(entry => entry.Device == device);

    /// <inheritdoc/>
    public override byte Read8(ushort port) => (byte)Read(port, 1);

    /// <inheritdoc/>
    public override ushort Read16(ushort port) => (ushort)Read(port, 2);

    /// <inheritdoc/>
    public override uint Read32(ushort port) => Read(port, 4);

    /// <inheritdoc/>
    public override void Write8(ushort port, byte value) => Write(port, 1, value);

    /// <inheritdoc/>
    public override void Write16(ushort port, ushort value) => Write(port, 2, value);

    /// <inheritdoc/>
    public override void Write32(ushort port, uint value) => Write(port, 4, value);

    /// <inheritdoc/>
    public override void ReadBlock16(ushort port, Span<byte> into)
    {
        for (int i = 0; i < into.Length; i += 2)
        {
            ushort word = Read16(port);
            into[i] = (byte)word;
            into[i + 1] = (byte)(word >> 8);
        }
    }

    /// <inheritdoc/>
    public override void WriteBlock16(ushort port, ReadOnlySpan<byte> from)
    {
        for (int i = 0; i < from.Length; i += 2)
        {
            Write16(port, (ushort)(from[i] | (from[i + 1] << 8)));
        }
    }

    /// <inheritdoc/>
    public override void ReadBlock32(ushort port, Span<byte> into)
    {
        for (int i = 0; i < into.Length; i += sizeof(uint))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(into[i..], Read32(port));
        }
    }

    /// <inheritdoc/>
    public override void WriteBlock32(ushort port, ReadOnlySpan<byte> from)
    {
        for (int i = 0; i < from.Length; i += sizeof(uint))
        {
            Write32(port, BinaryPrimitives.ReadUInt32LittleEndian(from[i..]));
        }
    }

    private uint Read(ushort port, int width)
    {
        uint value = uint.MaxValue;
        foreach ((int first, int count, ISimulatedDevice device) in devices)
        {
            if (port >= first && port < first + count)
            {
                value = device.Read(port - first, width);
                break;
            }
        }

        Accesses++;
        AfterAccess?.Invoke();
        return value;
    }

    private void Write(ushort port, int width, uint value)
    {
        foreach ((int first, int count, ISimulatedDevice device) in devices)
        {
            if (port >= first && port < first + count)
            {
                device.Write(port - first, width, value);
            }
        }

        Accesses++;
        AfterAccess?.Invoke();
    }
}

/// <summary>A clock that goes on by a fixed step whenever somebody looks at it, so that no wait is for ever.</summary>
public sealed class SteppingClock(long nanosecondsPerLook) : IClock
{
    private long now;

    /// <inheritdoc/>
    public Instant Now => new(now += nanosecondsPerLook);
}
