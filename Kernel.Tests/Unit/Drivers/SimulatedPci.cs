using System.Collections.Generic;

namespace HaukiOS.Tests.Unit.Drivers;

/// <summary>PCI configuration space behind mechanism 1.</summary>
public sealed class SimulatedPci : ISimulatedDevice
{
    private readonly Dictionary<uint, uint[]> functions = new();
    private uint address;

    /// <summary>Adds a function.</summary>
    public void Add(int bus, int device, int function, ushort vendor, ushort devicePart, uint classCode)
    {
        uint[] words = new uint[64];
        words[0] = vendor | ((uint)devicePart << 16);
        words[1] = 0x0280_0000; // status bits that a careless write would clear
        words[2] = classCode << 8;
        words[3] = function == 0 ? 0x0080_0000u : 0;
        functions[Key(bus, device, function)] = words;
    }

    /// <summary>
    /// Adds a function with its fifth base address; a single function needs one at number 0 beside it.
    /// </summary>
    public void Add(int bus, int device, int function, ushort vendor, int part, uint classCode, uint bar4)
    {
        if (function != 0)
        {
            Add(bus, device, 0, vendor, 0x7110, 0x060100);
        }

        Add(bus, device, function, vendor, (ushort)part, classCode);
        functions[Key(bus, device, function)][8] = bar4;
    }

    /// <summary>The command register of a function.</summary>
    public uint CommandOf(int bus, int device, int function) => functions[Key(bus, device, function)][1] & 0xFFFF;

    /// <summary>The status register of a function.</summary>
    public uint StatusOf(int bus, int device, int function) => functions[Key(bus, device, function)][1] >> 16;

    /// <inheritdoc/>
    public uint Read(int offset, int width)
    {
        if (offset == 0)
        {
            return width == 4 ? address : uint.MaxValue;
        }

        return functions.TryGetValue(address & 0x00FF_FF00, out uint[]? words) && (address >> 31) != 0
            ? words[(address & 0xFC) / 4]
            : uint.MaxValue;
    }

    /// <inheritdoc/>
    public void Write(int offset, int width, uint value)
    {
        if (offset == 0)
        {
            address = width == 4 ? value : address;
        }
        else if (functions.TryGetValue(address & 0x00FF_FF00, out uint[]? words))
        {
            uint index = (address & 0xFC) / 4;
            words[index] = index == 1
                ? (words[1] & 0xFFFF_0000 & ~(value & 0xFFFF_0000)) | (value & 0xFFFF)
                : value;
        }
    }

    private static uint Key(int bus, int device, int function) =>
        (uint)((bus << 16) | (device << 11) | (function << 8));
}
