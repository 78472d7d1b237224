using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Network;
using HaukiOS.Host.Switch;

namespace HaukiOS.Host.Teleport;

/// <summary>
/// A wire between this Linux and places where machines can stand, one at a time each; a node moves from place to
/// place. Either a bridge, which is quick, or a <see cref="VirtualSwitch"/>, which can lose and spoil frames. In a
/// namespace of its own; needs root.
/// </summary>
public sealed class MoveNetwork : IDisposable
{
    /// <summary>The address of this Linux on that network.</summary>
    public const string LinuxAddress = "10.9.0.1";

    /// <summary>The port of Linux on the switch, as fault scripts call it.</summary>
    public const string LinuxPort = "linux";

    private static int made;

    private readonly ScratchDirectory scratch = new();
    private readonly Dictionary<string, string> taps = [];

    private MoveNetwork(VirtualSwitch? wire, IEnumerable<string> places)
    {
        Switch = wire;
        try
        {
            Space = wire is null ? NetworkNamespace.Create(LinuxAddress + "/24") : new NetworkNamespace();
            if (wire is null)
            {
                foreach (var place in places)
                {
                    taps[place] = Space.AddTap(NetworkNamespace.Bridge);
                }

                return;
            }

            var number = Interlocked.Increment(ref made);
            string device = string.Create(CultureInfo.InvariantCulture, $"hm{Environment.ProcessId}n{number}");
            wire.Add(new TapPort(LinuxPort, device, Space.Name));
            Space.AddAddress(device, LinuxAddress + "/24");
            foreach (var place in places)
            {
                wire.Add(StreamPort.Listen(place, new UnixDomainSocketEndPoint(scratch.File(place))));
            }

            wire.Start();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The network that this Linux has for it.</summary>
    public NetworkNamespace Space { get; } = null!;

    /// <summary>The switch; null where the wire is a bridge.</summary>
    public VirtualSwitch? Switch { get; }

    /// <summary>A wire that does what it should.</summary>
    /// <param name="places">The names of the places.</param>
    /// <exception cref="UserErrorException">The means are missing.</exception>
    public static MoveNetwork OnBridge(params IEnumerable<string> places) => new(null, places);

    /// <summary>A wire with faults, for <see cref="SetFaults"/>.</summary>
    /// <param name="seed">What the faults follow from.</param>
    /// <param name="places">The names of the places; fault scripts know them by these.</param>
    /// <exception cref="UserErrorException">The means are missing.</exception>
    public static MoveNetwork OnSwitch(ulong seed, params IEnumerable<string> places) =>
        new(new VirtualSwitch(seed), places);

    /// <summary>A card for a machine at a place.</summary>
    /// <param name="place">One of the places.</param>
    /// <param name="model">One of <see cref="NetworkCard.Models"/>.</param>
    public NetworkCard NewCard(string place, string model) => Switch is null
        ? NetworkCard.OnTap(model, taps[place], Space.Name)
        : NetworkCard.OnStream(model, scratch.File(place));

    /// <summary>Opens a TCP connection from Linux.</summary>
    public Socket Connect(string address, int port, TimeSpan patience) =>
        Space.ConnectAsync(new IPEndPoint(IPAddress.Parse(address), port), patience).GetAwaiter().GetResult();

    /// <summary>Sets the faults, as in a script's line: <c>a&lt;&gt;b loss 5% delay 10ms</c>.</summary>
    public void SetFaults(string faults) => Switch!.Play(FaultScript.Parse("0s " + faults));

    /// <inheritdoc/>
    public void Dispose()
    {
        Switch?.Dispose();
        Space?.Dispose();
        scratch.Dispose();
    }
}
