using System;
using System.Collections.Generic;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Network;
using HaukiOS.Host.Peer;

namespace HaukiOS.Host.Bench;

/// <summary>
/// One wire with three stations: our kernel, Linux with the same card in the same machine, and the host's own Linux,
/// which is the peer of both. A bridge with taps in a network namespace of its own: nothing leaves this computer.
/// </summary>
internal sealed class BenchWire : IDisposable
{
    /// <summary>The cards that both systems have a driver for.</summary>
    public static readonly IReadOnlyList<string> Cards = [NetworkCard.Rtl8139, NetworkCard.Ne2000Pci];

    private const string Prefix = "10.9.0.";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly NetworkNamespace wire;
    private readonly QemuMachine hauki;
    private readonly QemuMachine linux;

    /// <summary>Starts both guests and waits until both answer.</summary>
    public BenchWire(Layout layout, string card, Action<string> progress)
    {
        var peer = LinuxPeer.Require(layout, progress);
        progress($"starting both guests with {card}");
        wire = NetworkNamespace.Create($"{Prefix}1/24");
        try
        {
            hauki = wire.Start(new MachineOptions
            {
                Kernel = layout.Kernel,
                KernelArguments = $"net={OurAddress}/24",
                Card = wire.NewCard(card),
            });
            hauki.Serial.Expect(ConsoleDriver.PromptWithoutDisk, Patience);
            new ConsoleDriver(hauki.Serial) { ReadyPrompt = ConsoleDriver.PromptWithoutDisk }.Command("iperf");
            var machine = new MachineOptions { Card = wire.NewCard(card) };
            linux = wire.Start(peer.ForNetwork(machine, $"{PeerAddress}/24"));
            linux.Serial.Expect(LinuxPeer.Prompt, Patience);
            AwaitAnswer(OurAddress);
            AwaitAnswer(PeerAddress);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Our kernel's address.</summary>
    public static string OurAddress => Prefix + "2";

    /// <summary>The Linux guest's address.</summary>
    public static string PeerAddress => Prefix + "3";

    /// <summary>Runs a program of the host at the far end of the wire.</summary>
    /// <returns>Its standard output.</returns>
    public string Run(string program, params IEnumerable<string> arguments) => wire.Run(program, arguments);

    /// <summary>Seconds of processor time that our kernel's machine has taken from the host.</summary>
    public double OurSeconds => hauki.ProcessorSeconds;

    /// <summary>Seconds of processor time that Linux's machine has taken from the host.</summary>
    public double PeerSeconds => linux.ProcessorSeconds;

    // Our kernel asks the wire first whether the address is free, which takes seconds.
    private void AwaitAnswer(string address)
    {
        const int attempts = 30;
        for (var attempt = 1; wire.Try("ping", "-c", "1", "-W", "1", address).Code != 0; attempt++)
        {
            if (attempt == attempts)
            {
                throw new UserErrorException($"{address} does not answer.");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        linux?.Dispose();
        hauki?.Dispose();
        wire.Dispose();
    }
}
