using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HaukiOS.Host.Emulator;

/// <summary>
/// A PC emulated by Bochs: slower than QEMU, and a second opinion. Its Pentium 4 Willamette refuses every
/// instruction that processor did not have.
/// </summary>
public sealed class BochsMachine : EmulatedMachine
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(30);

    private readonly ScratchDirectory scratch;

    private BochsMachine(ProcessStartInfo start, ScratchDirectory scratch)
        : base(start) => this.scratch = scratch;

    /// <summary>Switches on a machine that boots the CD and has the disk as its first one.</summary>
    public static BochsMachine Start(string iso, string? disk, int memoryMiB)
    {
        var scratch = new ScratchDirectory();
        try
        {
            // Bochs has no Unix sockets; its serial port connects to a TCP port of this machine alone.
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen(1);
            var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
            File.WriteAllText(scratch.File("bochsrc"), Configuration(iso, disk, memoryMiB, port, scratch));
            File.WriteAllText(scratch.File("debugger"), "c\n");

            // Debian's build always starts in its debugger, which is told to continue; and it draws on a terminal,
            // which `script` makes for it.
            var command = $"bochs -q -f '{scratch.File("bochsrc")}' -rc '{scratch.File("debugger")}'";
            var start = new ProcessStartInfo("script", ["-qec", command, "/dev/null"]);
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

    private static string Configuration(string iso, string? disk, int memoryMiB, int port, ScratchDirectory scratch)
    {
        const int sectorsPerCylinder = 16 * 63;
        var text = new StringBuilder();
        text.AppendLine("plugin_ctrl: unmapped=true, biosdev=true, speaker=false, extfpuirq=true, parallel=false, "
            + "serial=true, gameport=false, iodebug=false");
        text.AppendLine("config_interface: textconfig").AppendLine("display_library: term");
        text.AppendLine(CultureInfo.InvariantCulture, $"memory: guest={memoryMiB}, host={memoryMiB}");
        text.AppendLine("romimage: file=/usr/share/bochs/BIOS-bochs-latest");
        text.AppendLine("vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest");
        text.AppendLine("cpu: model=p4_willamette, count=1, ips=50000000, reset_on_triple_fault=0, ignore_bad_msrs=1");
        text.AppendLine("clock: sync=none, time0=utc").AppendLine("pci: enabled=1, chipset=i440fx");
        text.AppendLine("ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14");
        text.AppendLine("ata1: enabled=1, ioaddr1=0x170, ioaddr2=0x370, irq=15");
        if (disk is not null)
        {
            var cylinders = new FileInfo(disk).Length / 512 / sectorsPerCylinder;
            text.AppendLine(CultureInfo.InvariantCulture, $"ata0-master: type=disk, mode=flat, path={disk}, "
                + $"cylinders={cylinders}, heads=16, spt=63, biosdetect=auto");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"ata1-master: type=cdrom, path={iso}, status=inserted");
        text.AppendLine("boot: cdrom");
        text.AppendLine(CultureInfo.InvariantCulture, $"com1: enabled=1, mode=socket-client, dev=localhost:{port}");
        text.AppendLine(CultureInfo.InvariantCulture, $"log: {scratch.File("log")}");
        text.AppendLine("panic: action=fatal").AppendLine("error: action=report");
        text.AppendLine("info: action=report").AppendLine("debug: action=ignore");
        return text.ToString();
    }
}
