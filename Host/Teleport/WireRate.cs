using System;
using System.Globalization;
using System.Text.RegularExpressions;
using HaukiOS.Host.Emulator;

namespace HaukiOS.Host.Teleport;

/// <summary>
/// What an emulated card carries from one machine to another, measured by the two machines themselves: a TCP
/// connection between two nodes at full speed.
/// </summary>
public static partial class WireRate
{
    private const int SinkPort = 9;
    private const int Bytes = 30_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Measures from place to place of a network that nobody else uses.</summary>
    /// <returns>Bits a second.</returns>
    public static double Measure(Layout layout, string model)
    {
        using var network = MoveNetwork.OnBridge(Shuttle.Places);
        using var first = Boot(layout, network, model, 0);
        using var second = Boot(layout, network, model, 1);
        Console(second).Command($"listen {SinkPort} discard");
        var said = Console(first).Command($"connect {Address(1)} {SinkPort} source {Bytes}");
        var rate = Rate().Match(said).Groups[1].Value;
        return rate.Length > 0
            ? double.Parse(rate, CultureInfo.InvariantCulture) * 1e6
            : throw new EmulatorException($"The wire was not measured: {said}");
    }

    [GeneratedRegex("ms, ([0-9.]+) Mbit/s")]
    private static partial Regex Rate();

    private static string Address(int place) =>
        string.Create(CultureInfo.InvariantCulture, $"10.9.0.{11 + place}");

    private static QemuMachine Boot(Layout layout, MoveNetwork network, string model, int place)
    {
        var card = network.NewCard(Shuttle.Places[place], model) with
        {
            Address = string.Create(CultureInfo.InvariantCulture, $"52:54:00:00:01:{place:x2}"),
        };
        var machine = QemuMachine.Start(new MachineOptions
        {
            Kernel = layout.Kernel,
            KernelArguments = $"net={Address(place)}/24",
            Card = card,
        });
        machine.Serial.Expect(ConsoleDriver.PromptWithoutDisk, Patience);
        return machine;
    }

    private static ConsoleDriver Console(QemuMachine machine) =>
        new(machine.Serial) { ReadyPrompt = ConsoleDriver.PromptWithoutDisk };
}
