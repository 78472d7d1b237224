using System;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using HaukiOS.Host.Network;
using static System.FormattableString;

namespace HaukiOS.Host.Emulator;

/// <summary>
/// A PC emulated by Bochs: slower than QEMU, and a second opinion. Its Pentium 4 Willamette refuses every
/// instruction that processor did not have.
/// </summary>
public sealed class BochsMachine : EmulatedMachine
{
    /// <summary>The emulator's program.</summary>
    public const string Program = "bochs";

    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(30);

    private readonly ScratchDirectory scratch;

    private BochsMachine(ProcessStartInfo start, ScratchDirectory scratch)
        : base(start) => this.scratch = scratch;

    /// <summary>
    /// Switches on a machine that boots the CD. Of the options it knows the chip set, the CD, the kernel's arguments,
    /// memory, a raw disk, and a card of the NE2000's family on a tap.
    /// </summary>
    /// <exception cref="EmulatorException">The options ask for something else, or Bochs is missing.</exception>
    public static BochsMachine Start(MachineOptions options)
    {
        var scratch = new ScratchDirectory();
        try
        {
            // Bochs has no Unix sockets; its serial port connects to a TCP port, in the network that it runs in.
            var space = options.Card?.Space;
            using var listener = space is null ? NewListener() : NetworkNamespace.Inside(space, NewListener);
            var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
            File.WriteAllText(scratch.File("bochsrc"), Configuration(options, port, scratch));
            File.WriteAllText(scratch.File("debugger"), "c\n");

            // Debian's build always starts in its debugger, which is told to continue; and it draws on a terminal,
            // which `script` makes for it.
            var command = $"{Program} -q -f '{scratch.File("bochsrc")}' -rc '{scratch.File("debugger")}'";
            string[] words = ["script", "-qec", command, "/dev/null"];
            var start = space is null
                ? new ProcessStartInfo(words[0], words[1..])
                : new ProcessStartInfo("ip", ["netns", "exec", space, .. words]);
            start.Environment["TERM"] = "xterm";
            var machine = new BochsMachine(start, scratch);
            try
            {
                machine.Serial = new SerialLine(machine.Accept(listener, ConnectPatience));
                return machine;
            }
            catch
            {
                machine.Dispose();
                throw;
            }
        }
        catch
        {
            scratch.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    private protected override void DisposeConnections() => scratch.Dispose();

    private static Socket NewListener()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        return listener;
    }

    private static string Configuration(MachineOptions options, int port, ScratchDirectory scratch)
    {
        var card = options.Card;
        var iso = options.Iso ?? throw new EmulatorException("Bochs needs a CD.");
        if (options.KernelArguments is { } arguments)
        {
            CdMenu.CopyWith(iso, scratch.File("iso"), arguments);
            iso = scratch.File("iso");
        }

        var text = new StringBuilder();
        text.AppendLine("plugin_ctrl: unmapped=true, biosdev=true, speaker=false, extfpuirq=true, parallel=false, "
            + $"serial=true, gameport=false, iodebug=false, ne2k={(card is null ? "false" : "true")}");
        text.AppendLine("config_interface: textconfig").AppendLine("display_library: term");
        text.AppendLine(Invariant($"memory: guest={options.MemoryMiB}, host={options.MemoryMiB}"));
        text.AppendLine("romimage: file=/usr/share/bochs/BIOS-bochs-latest");
        text.AppendLine("vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest");
        text.AppendLine("cpu: model=p4_willamette, count=1, ips=50000000, reset_on_triple_fault=0, ignore_bad_msrs=1");

        // Without a wire it may hurry through its idle hours. Whoever speaks with others must keep their time.
        text.AppendLine($"clock: sync={(card is null ? "none" : "slowdown")}, time0=utc");
        var slots = card?.Model == NetworkCard.Ne2000Pci ? ", slot1=ne2k" : string.Empty;
        text.AppendLine(options.Machine == "pc" ? $"pci: enabled=1, chipset=i440fx{slots}" : "pci: enabled=0");
        AppendCard(text, card);
        text.AppendLine("ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14");
        text.AppendLine("ata1: enabled=1, ioaddr1=0x170, ioaddr2=0x370, irq=15");
        AppendDisk(text, options.Disk);
        text.AppendLine($"ata1-master: type=cdrom, path={iso}, status=inserted");
        text.AppendLine("boot: cdrom");
        text.AppendLine(Invariant($"com1: enabled=1, mode=socket-client, dev=localhost:{port}"));
        text.AppendLine($"log: {scratch.File("log")}");
        text.AppendLine("panic: action=fatal").AppendLine("error: action=report");
        text.AppendLine("info: action=report").AppendLine("debug: action=ignore");
        return text.ToString();
    }

    private static void AppendCard(StringBuilder text, NetworkCard? card)
    {
        if (card is null)
        {
            return;
        }

        var place = card.Model switch
        {
            NetworkCard.Ne2000Pci => string.Empty,

            // The lines from 9 on are those that this BIOS gives to PCI.
            NetworkCard.Ne2000Isa => "ioaddr=0x300, irq=3, ",
            _ => throw new EmulatorException($"Bochs has no {card.Model}."),
        };
        var tap = card.Tap ?? throw new EmulatorException("A card of Bochs's needs a tap.");
        text.AppendLine($"ne2k: enabled=1, {place}mac={card.Address}, ethmod=tuntap, ethdev=/dev/net/tun:{tap}, "
            + "script=none");
    }

    private static void AppendDisk(StringBuilder text, DiskImage? disk)
    {
        const int sectorsPerCylinder = 16 * 63;
        if (disk is not null)
        {
            var file = (disk as RawDisk ?? throw new EmulatorException("Bochs wants a raw disk.")).File;
            var cylinders = new FileInfo(file).Length / 512 / sectorsPerCylinder;
            text.AppendLine(Invariant($"ata0-master: type=disk, mode=flat, path={file}, ")
                + Invariant($"cylinders={cylinders}, heads=16, spt=63, biosdetect=auto"));
        }
    }
}
