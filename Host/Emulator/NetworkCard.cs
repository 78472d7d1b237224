using System;
using System.Collections.Generic;
using static System.FormattableString;

namespace HaukiOS.Host.Emulator;

/// <summary>An emulated network card and the wire it hangs on.</summary>
/// <param name="Model">QEMU's name of the card: one of the constants here.</param>
/// <param name="Wire">QEMU's <c>-netdev</c> without its name: <c>tap,ifname=tap0,...</c>.</param>
public sealed record NetworkCard(string Model, string Wire)
{
    /// <summary>Realtek's chip of 1997, on PCI.</summary>
    public const string Rtl8139 = "rtl8139";

    /// <summary>The NE2000 of PCI: RTL8029 and its like.</summary>
    public const string Ne2000Pci = "ne2k_pci";

    /// <summary>The NE2000 of 1987, on ISA at port 0x300 and interrupt line 9.</summary>
    public const string Ne2000Isa = "ne2k_isa";

    /// <summary>All three, as tests take them in turn.</summary>
    public static readonly IReadOnlyList<string> Models = [Rtl8139, Ne2000Pci, Ne2000Isa];

    private const string NetdevName = "wire";

    /// <summary>The station's address.</summary>
    public string Address { get; init; } = "52:54:00:12:34:56";

    /// <summary>The network namespace that the emulator must run in to reach its wire; null for none.</summary>
    public string? Space { get; init; }

    /// <summary>The tap interface that is its wire; null if it has another one.</summary>
    public string? Tap { get; private init; }

    /// <summary>A card on a tap interface that exists.</summary>
    /// <param name="model">One of the constants.</param>
    /// <param name="device">The interface.</param>
    /// <param name="space">Where the interface is.</param>
    public static NetworkCard OnTap(string model, string device, string? space) =>
        new(model, $"tap,ifname={device},script=no,downscript=no") { Tap = device, Space = space };

    /// <summary>A card whose emulator connects to a Unix socket: a port of the switch that listens.</summary>
    public static NetworkCard OnStream(string model, string path) =>
        new(model, $"stream,server=off,addr.type=unix,addr.path={Escape(path)}");

    /// <summary>A card whose emulator listens at a Unix socket: for a port of the switch that connects.</summary>
    public static NetworkCard OnStreamServer(string model, string path) =>
        new(model, $"stream,server=on,addr.type=unix,addr.path={Escape(path)}");

    /// <summary>A card that sends each frame as a datagram between two Unix paths.</summary>
    public static NetworkCard OnDatagrams(string model, string path, string peerPath) => new(
        model,
        $"dgram,local.type=unix,local.path={Escape(path)},remote.type=unix,remote.path={Escape(peerPath)}");

    /// <summary>A card that sends each frame as a datagram between two UDP ports of this host.</summary>
    public static NetworkCard OnUdp(string model, int port, int peerPort) => new(
        model,
        Invariant($"dgram,local.type=inet,local.host=127.0.0.1,local.port={port},")
            + Invariant($"remote.type=inet,remote.host=127.0.0.1,remote.port={peerPort}"));

    /// <summary>QEMU's arguments for it.</summary>
    internal IEnumerable<string> Arguments()
    {
        var place = Model == Ne2000Isa ? ",irq=9,iobase=0x300" : string.Empty;
        var comma = Wire.IndexOf(',', StringComparison.Ordinal);
        var (kind, rest) = comma < 0 ? (Wire, string.Empty) : (Wire[..comma], Wire[comma..]);
        return
        [
            "-netdev", $"{kind},id={NetdevName}{rest}",
            "-device", $"{Model},netdev={NetdevName},mac={Address}{place}",
        ];
    }

    private static string Escape(string path) => path.Replace(",", ",,", StringComparison.Ordinal);
}
