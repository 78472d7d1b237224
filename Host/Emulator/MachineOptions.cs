using System;
using System.Collections.Generic;

namespace HaukiOS.Host.Emulator;

/// <summary>An emulated PC, as it stands before power-on.</summary>
public sealed record MachineOptions
{
    /// <summary>
    /// A Pentium 4 (Northwood: family 15, model 2, stepping 9) and nothing newer: leaves up to 2, no SSE3, no
    /// long mode. The reference processor of the kernel.
    /// </summary>
    public const string StrictPentium4 =
        "pentium3,family=15,model=2,stepping=9,level=2,xlevel=0x80000004,+sse2,+clflush,+ss,+acpi";

    /// <summary>The I/O port and width of the device by which a guest ends the emulator with a code.</summary>
    public const string ExitDevice = "isa-debug-exit,iobase=0xf4,iosize=4";

    /// <summary>QEMU's name of the chipset: <c>pc</c> is the i440FX of 1996 to 2001, <c>isapc</c> has no PCI.</summary>
    public string Machine { get; init; } = "pc";

    /// <summary>QEMU's name of the processor, with flags.</summary>
    public string Cpu { get; init; } = StrictPentium4;

    /// <summary>Memory in MiB.</summary>
    public int MemoryMiB { get; init; } = 128;

    /// <summary>A CD to boot from; or null.</summary>
    public string? Iso { get; init; }

    /// <summary>A kernel that QEMU itself puts into memory, with no boot loader; or null.</summary>
    public string? Kernel { get; init; }

    /// <summary>The kernel's command line, with <see cref="Kernel"/> only.</summary>
    public string? KernelArguments { get; init; }

    /// <summary>The first file system of a Linux, with <see cref="Kernel"/> only.</summary>
    public string? Initrd { get; init; }

    /// <summary>The IDE disk; or null for a machine without one.</summary>
    public DiskImage? Disk { get; init; }

    /// <summary>The network card; or null for a machine without one.</summary>
    public NetworkCard? Card { get; init; }

    /// <summary>Has the machine a COM1?</summary>
    public bool HasSerial { get; init; } = true;

    /// <summary>Can the guest end the emulator with a code? A machine without it halts where it would.</summary>
    public bool HasExitDevice { get; init; } = true;

    /// <summary>End the emulator where a PC would start anew.</summary>
    public bool EndOnReset { get; init; }

    /// <summary>Wait before the first instruction until a debugger says so.</summary>
    public bool StartHalted { get; init; }

    /// <summary>Anything else for QEMU's command line.</summary>
    public IReadOnlyList<string> Extra { get; init; } = [];

    /// <summary>The arguments that make this machine, but for its console and control sockets.</summary>
    internal IEnumerable<string> Arguments(ScratchDirectory scratch)
    {
        // Software emulation always: it is exact about which instructions a processor has, and the same everywhere.
        List<string> arguments =
        [
            "-accel", "tcg", "-M", Machine, "-cpu", Cpu, "-m", $"{MemoryMiB}",
            "-parallel", "none",
        ];
        arguments.AddRange(Card?.Arguments() ?? ["-nic", "none"]);
        AddPair(arguments, "-device", HasExitDevice ? ExitDevice : null);
        if (Iso is not null)
        {
            var file = Iso.Replace(",", ",,", StringComparison.Ordinal);
            arguments.AddRange(["-drive", $"if=ide,index=2,media=cdrom,format=raw,readonly=on,file={file}"]);
            arguments.AddRange(["-boot", "order=d"]);
        }

        AddPair(arguments, "-kernel", Kernel);
        AddPair(arguments, "-append", KernelArguments);
        AddPair(arguments, "-initrd", Initrd);
        if (Disk is not null)
        {
            arguments.AddRange(Disk.Arguments(scratch));
        }

        if (EndOnReset)
        {
            arguments.Add("-no-reboot");
        }

        if (StartHalted)
        {
            arguments.Add("-S");
        }

        arguments.AddRange(Extra);
        return arguments;
    }

    private static void AddPair(List<string> arguments, string name, string? value)
    {
        if (value is not null)
        {
            arguments.AddRange([name, value]);
        }
    }
}
