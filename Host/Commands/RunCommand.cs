using System;
using System.Collections.Generic;
using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.NetworkInformation;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Teleport;
using Spectre.Console;

namespace HaukiOS.Host.Commands;

/// <summary>
/// <c>hauki run</c> and <c>hauki debug</c>: a machine of 2001 with its COM1 on this terminal. QEMU itself holds the
/// terminal, in raw mode, so that Enter, Backspace and Ctrl-C reach the guest as the bytes they are.
/// </summary>
internal static class RunCommand
{
    private const int DiskMebibytes = 64;
    private const string NoCard = "none";
    private const string GdbSocket = "gdb.sock";

    /// <summary>The <c>run</c> command.</summary>
    public static Command Create()
    {
        var memory = new Option<int>("--memory")
        {
            Description = "Memory in MiB.",
            DefaultValueFactory = _ => 128,
        };
        var disk = new Option<string?>("--disk") { Description = "The disk's image; made when it is not there." };
        var machine = new Option<string>("--machine")
        {
            Description = "pc, or isapc for a machine without PCI.",
            DefaultValueFactory = _ => "pc",
        };
        var card = new Option<string?>("--card")
        {
            Description = "The network card, in the emulator's own small network: rtl8139, ne2k_pci, ne2k_isa, none.",
        };
        card.AcceptOnlyFromAmong([.. NetworkCard.Models, NoCard]);
        var wire = new Option<string?>("--wire")
        {
            Description = "A Unix socket that 'hauki switch' listens at, instead of the emulator's own network.",
        };
        var station = new Option<string?>("--station")
        {
            Description = "The card's station address, such as 52:54:00:00:00:02; no two machines on a wire share one.",
        };
        var control = new Option<string?>("--control")
        {
            Description = "A Unix socket to make, by which 'hauki migrate --qemu' controls this QEMU.",
        };
        var incoming = new Option<bool>("--incoming")
        {
            Description = "Wait for a machine that 'hauki migrate --qemu' brings, and boot nothing.",
        };
        var command = new Command("run", "Boots the CD in QEMU with the machine's COM1 on this terminal.")
        {
            memory, disk, machine, card, wire, station, control, incoming,
        };
        command.SetAction(parsed => Boot(
            new MachineOptions
            {
                MemoryMiB = parsed.GetValue(memory),
                Machine = parsed.GetValue(machine)!,
                Card = At(
                    parsed.GetValue(station),
                    ChooseCard(parsed.GetValue(card), parsed.GetValue(machine)!, parsed.GetValue(wire))),
                Extra =
                [
                    .. parsed.GetValue(control) is { } path
                        ? ["-qmp", $"unix:{path},server=on,wait=off"] : Array.Empty<string>(),
                    .. parsed.GetValue(incoming) ? QemuMigration.WaitingArguments : [],
                ],
            },
            parsed.GetValue(disk),
            forDebugger: false));
        return command;
    }

    /// <summary>The <c>debug</c> command.</summary>
    public static Command CreateDebug()
    {
        var command = new Command("debug", "Boots like run, but waits for gdb before the first instruction.");
        command.SetAction(_ => Boot(new MachineOptions { StartHalted = true }, disk: null, forDebugger: true));
        return command;
    }

    private static NetworkCard? ChooseCard(string? wanted, string machine, string? wire)
    {
        // The emulator's "user" network has a DHCP server and a router, and needs no rights.
        var model = wanted ?? (machine == "isapc" ? NetworkCard.Ne2000Isa : NetworkCard.Rtl8139);
        return model == NoCard ? null
            : wire is not null ? NetworkCard.OnStream(model, wire)
            : new NetworkCard(model, "user");
    }

    /// <summary>The card at a station address of its own, if one was named.</summary>
    /// <exception cref="UserErrorException">That is no address of a station.</exception>
    internal static NetworkCard? At(string? station, NetworkCard? card)
    {
        const int groupBit = 1; // IEEE 802: then it is no station's own
        if (station is null || card is null)
        {
            return card;
        }

        return PhysicalAddress.TryParse(station, out var read) && read.GetAddressBytes() is { Length: 6 } bytes
            && (bytes[0] & groupBit) == 0
            ? card with { Address = string.Join(':', bytes.Select(part => part.ToString("x2"))) }
            : throw new UserErrorException($"'{station}' is no station address; say something like 52:54:00:00:00:02.");
    }

    private static int Boot(MachineOptions options, string? disk, bool forDebugger)
    {
        var layout = Layout.Find();
        var iso = layout.RequireIso();
        disk ??= layout.Disk;
        if (!File.Exists(disk))
        {
            DiskImage.Create(disk, DiskMebibytes);
            AnsiConsole.MarkupLineInterpolated($"[grey]made an empty disk of {DiskMebibytes} MiB: {disk}[/]");
        }

        options = options with { Iso = iso, Disk = new RawDisk(disk) };
        using var scratch = new ScratchDirectory();
        List<string> arguments = [.. options.Arguments(scratch), .. TerminalArguments()];
        if (forDebugger)
        {
            var socket = scratch.File(GdbSocket);
            arguments.AddRange(["-chardev", $"socket,path={socket},server=on,wait=off,id=gdb", "-gdb", "chardev:gdb"]);
            AnsiConsole.WriteLine("The machine waits. In another terminal:");
            string commands = $"-ex 'target remote {socket}' -ex 'hbreak KernelEntry' -ex continue";
            System.Console.WriteLine($"  gdb {layout.Kernel} {commands}");
        }

        AnsiConsole.MarkupLine("[grey]Ctrl-A X switches the machine off; Ctrl-C goes to the machine.[/]");
        return Describe(RunInForeground(arguments));
    }

    // The serial port and QEMU's own monitor share the terminal; signal=off passes Ctrl-C on as a byte.
    private static IEnumerable<string> TerminalArguments() =>
    [
        "-display", "none",
        "-chardev", "stdio,id=terminal,mux=on,signal=off",
        "-serial", "chardev:terminal", "-mon", "chardev=terminal,mode=readline",
    ];

    private static int RunInForeground(List<string> arguments)
    {
        var start = new ProcessStartInfo(QemuMachine.Program, arguments) { UseShellExecute = false };

        // Before QEMU has the terminal, or after it, Ctrl-C must not leave a machine behind.
        ConsoleCancelEventHandler ignore = (_, pressed) => pressed.Cancel = true;
        System.Console.CancelKeyPress += ignore;
        try
        {
            using var qemu = Process.Start(start)!;
            qemu.WaitForExit();
            return qemu.ExitCode;
        }
        catch (Win32Exception)
        {
            throw new UserErrorException(
                $"{QemuMachine.Program} is not installed. On Debian: apt-get install qemu-system-x86");
        }
        finally
        {
            System.Console.CancelKeyPress -= ignore;
        }
    }

    private static int Describe(int exitCode)
    {
        switch (exitCode)
        {
            case 0:
                return 0;
            case GuestExit.Panic:
                AnsiConsole.MarkupLine("[red]The kernel panicked; what it said is above.[/]");
                return exitCode;
            case GuestExit.Refused:
                AnsiConsole.MarkupLine("[red]The kernel refused this processor.[/]");
                return exitCode;
            default:
                AnsiConsole.MarkupLineInterpolated($"[red]QEMU ended with code {exitCode}.[/]");
                return exitCode;
        }
    }
}
