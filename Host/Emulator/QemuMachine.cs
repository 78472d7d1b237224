using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading;

namespace HaukiOS.Host.Emulator;

/// <summary>A PC emulated by <c>qemu-system-i386</c>.</summary>
public sealed class QemuMachine : EmulatedMachine
{
    /// <summary>The emulator's program.</summary>
    public const string Program = "qemu-system-i386";

    private const uint VgaText = 0xB8000;
    private const int VgaColumns = 80;
    private const int VgaRows = 25;
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(30);

    private readonly ScratchDirectory scratch;

    private QemuMachine(ProcessStartInfo start, ScratchDirectory scratch)
        : base(start) => this.scratch = scratch;

    /// <summary>The control socket.</summary>
    public QmpClient Qmp { get; private set; } = null!;

    /// <summary>Switches the machine on.</summary>
    public static QemuMachine Start(MachineOptions options)
    {
        var scratch = new ScratchDirectory();
        try
        {
            // Sockets that listen here before the emulator starts: not one byte of the guest's is lost.
            using var control = Listen(scratch.File("qmp"));
            using var line = options.HasSerial ? Listen(scratch.File("com1")) : null;
            var start = StartIn(options.Card?.Space);
            foreach (var argument in options.Arguments(scratch))
            {
                start.ArgumentList.Add(argument);
            }

            string[] connections =
            [
                "-display", "none", "-monitor", "none",
                "-serial", options.HasSerial ? $"unix:{scratch.File("com1")}" : "none",
                "-chardev", $"socket,id=control,path={scratch.File("qmp")}", "-mon", "chardev=control,mode=control",
            ];
            Array.ForEach(connections, start.ArgumentList.Add);
            var machine = new QemuMachine(start, scratch);
            try
            {
                if (line is not null)
                {
                    machine.Serial = new SerialLine(machine.Accept(line, ConnectPatience));
                }

                machine.Qmp = new QmpClient(machine.Accept(control, ConnectPatience));
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

    /// <summary>What stands on the screen in text mode, a line for each of the 25 rows.</summary>
    public string ReadScreen()
    {
        var file = scratch.File("vga");
        Qmp.SaveMemory(VgaText, VgaColumns * VgaRows * 2, file);
        var cells = File.ReadAllBytes(file);
        var screen = new StringBuilder();
        for (var row = 0; row < VgaRows; row++)
        {
            var line = new StringBuilder();
            for (var column = 0; column < VgaColumns; column++)
            {
                var character = cells[((row * VgaColumns) + column) * 2];
                line.Append(character is >= 0x20 and < 0x7F ? (char)character : ' ');
            }

            screen.Append(line.ToString().TrimEnd()).Append('\n');
        }

        return screen.ToString();
    }

    /// <summary>Waits until the screen shows a text.</summary>
    /// <returns>The whole screen.</returns>
    public string ExpectOnScreen(string text, TimeSpan patience)
    {
        var from = Stopwatch.GetTimestamp();
        while (true)
        {
            var screen = ReadScreen();
            if (screen.Contains(text, StringComparison.Ordinal))
            {
                return screen;
            }

            if (Stopwatch.GetElapsedTime(from) > patience)
            {
                throw Failure($"'{text}' did not come onto the screen:\n{screen}");
            }

            // A screen cannot tell that it has changed; looking again soon is all there is.
            Thread.Sleep(20);
        }
    }

    /// <summary>Types on the emulated keyboard, an American one. A CR is the Enter key.</summary>
    public void Type(string text)
    {
        foreach (var character in text)
        {
            var (key, shifted) = Keyboard.KeyOf(character);
            if (shifted)
            {
                Qmp.PressKeys("shift", key);
            }
            else
            {
                Qmp.PressKeys(key);
            }
        }
    }

    /// <summary>All of the machine's memory, as a cold-boot thief would find it.</summary>
    public byte[] DumpMemory(int mebibytes)
    {
        var file = scratch.File("memory");
        Qmp.SaveMemory(0, (ulong)mebibytes << 20, file);
        return File.ReadAllBytes(file);
    }

    /// <summary>Presses the reset button.</summary>
    public void Reset() => Qmp.Execute("system_reset");

    /// <summary>Pulls the disk's cable: every later request of the guest fails.</summary>
    public void UnplugDisk()
    {
        var answer = Qmp.Monitor("drive_del disk");
        if (answer.Length != 0)
        {
            throw Failure($"The disk cannot be unplugged: {answer}");
        }
    }

    /// <summary>Raises the non-maskable interrupt, which nothing in a healthy machine does.</summary>
    public void RaiseNonMaskableInterrupt() => Qmp.Execute("inject-nmi");

    /// <summary>Reads a 32-bit word of guest-physical memory.</summary>
    public uint ReadWord(uint address)
    {
        var file = scratch.File("word");
        Qmp.SaveMemory(address, 4, file);
        return BinaryPrimitives.ReadUInt32LittleEndian(File.ReadAllBytes(file));
    }

    /// <inheritdoc/>
    private protected override void DisposeConnections()
    {
        Qmp?.Dispose();
        scratch.Dispose();
    }

    // The emulator of a machine on a tap has to live where the tap does; its other sockets are files and reach us.
    private static ProcessStartInfo StartIn(string? space) =>
        space is null ? new ProcessStartInfo(Program) : new ProcessStartInfo("ip", ["netns", "exec", space, Program]);

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen(1);
        return socket;
    }
}
