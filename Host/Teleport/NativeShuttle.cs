using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Threading;
using HaukiOS.Host.Emulator;

namespace HaukiOS.Host.Teleport;

/// <summary>
/// A node that travels by itself between two machines that need not be alike. The machine that it has left starts
/// anew and waits for it to come back. Both machines are driven by their consoles alone, as a person would.
/// </summary>
public sealed partial class NativeShuttle : Shuttle
{
    private const string CodeLine = "pairing code: ";
    private const string MovedLine = "moved: ";
    private const string FailedLine = "migrate: ";

    private readonly Dictionary<string, EmulatedMachine> machines = [];
    private readonly Layout layout;
    private readonly IReadOnlyList<Station> stations;
    private string? code;
    private int made;
    private bool isLeft;
    private LoadCount landed;

    /// <summary>Switches both machines on, and makes the one at the first place the node.</summary>
    /// <param name="layout">Where the kernel lies.</param>
    /// <param name="network">A network with the <see cref="Shuttle.Places"/>.</param>
    /// <param name="stations">The machine at each of the places.</param>
    public NativeShuttle(Layout layout, MoveNetwork network, params IReadOnlyList<Station> stations)
        : base(network)
    {
        this.layout = layout;
        this.stations = stations;
        try
        {
            foreach (var place in Places)
            {
                machines[place] = Boot(place);
            }

            AwaitPrompt(Machine);
            Console.Command($"net set {NodeAddress}/24");
            Console.Command($"listen {EchoPort} echo");
            GiveRandomness(NodeAddress);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override EmulatedMachine Machine => machines[Place];

    /// <summary>The machine at the other place.</summary>
    public EmulatedMachine OtherMachine => machines[OtherPlace];

    /// <summary>How long a move may take.</summary>
    public TimeSpan MovePatience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Does the node come back to the very machine that it has left, which has wiped itself and started anew? Otherwise
    /// that one is replaced, by <see cref="RenewOther"/>.
    /// </summary>
    public bool KeepsMachines { get; init; }

    /// <inheritdoc/>
    public override void Prepare() => code ??= StandBy();

    /// <inheritdoc/>
    public override MoveFigures Move(Action<string>? progress = null)
    {
        Prepare();
        Order(code!);
        code = null;
        var failure = AwaitEnd();
        if (failure is not null)
        {
            throw Machine.Failure($"The move failed: {failure}");
        }

        Place = OtherPlace;
        Machine.Serial.Expect(MovedLine, Patience);
        var said = Machine.Serial.ExpectLineEnd(Patience);
        AwaitPrompt(Machine);
        isLeft = !KeepsMachines;
        landed = LoadMebibytes > 0 ? CountLoad() : default;
        return Parse(said);
    }

    /// <inheritdoc/>
    public override LoadCount CountAfterMove() => landed;

    /// <summary>Lets the other machine stand by and orders the move to it; waits for nothing more.</summary>
    public void Order() => Order(StandBy());

    /// <summary>Orders the move to the other machine, which stands by; waits for nothing more.</summary>
    /// <param name="code">The pairing code.</param>
    public void Order(string code) =>
        Machine.Serial.Send($"migrate {AddressOf(OtherPlace)} {code}\r");

    /// <summary>Lets the other machine, which is at its prompt or about to be, wait for the node.</summary>
    /// <returns>The pairing code that it shows.</returns>
    public string StandBy()
    {
        if (isLeft)
        {
            RenewOther();
        }

        AwaitPrompt(OtherMachine);
        OtherMachine.Serial.Send("standby\r");
        GiveRandomness(AddressOf(OtherPlace));
        OtherMachine.Serial.Expect(CodeLine, Patience);
        return OtherMachine.Serial.ExpectLineEnd(Patience).Trim();
    }

    /// <summary>Replaces the other machine by one of the same kind, which is to be found at its prompt.</summary>
    public void RenewOther()
    {
        OtherMachine.Dispose();
        isLeft = false;
        code = null;
        machines[OtherPlace] = Boot(OtherPlace);
    }

    /// <summary>Waits until the node says there that it has moved, or here that it has not.</summary>
    /// <returns>Null when it has moved; otherwise why not.</returns>
    public string? AwaitEnd()
    {
        var from = Stopwatch.GetTimestamp();
        while (!OtherMachine.Serial.Pending(MovedLine))
        {
            if (Machine.Serial.Pending(FailedLine))
            {
                Machine.Serial.Expect(FailedLine, Patience);
                return Machine.Serial.ExpectLineEnd(Patience);
            }

            if (Stopwatch.GetElapsedTime(from) > MovePatience)
            {
                var there = OtherMachine.Serial.Transcript;
                throw Machine.Failure($"The move did not end within {MovePatience.TotalSeconds} s; there:\n{there}");
            }

            Thread.Sleep(1);
        }

        return null;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var machine in machines.Values)
        {
            machine.Dispose();
        }

        base.Dispose();
    }

    [GeneratedRegex("stood still ([0-9.]+) ms, ([0-9]+) ms in all, ([0-9]+) bytes, ([0-9]+) rounds")]
    private static partial Regex Figures();

    private static MoveFigures Parse(string said)
    {
        var match = Figures().Match(said);
        double Of(int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
        return match.Success
            ? new MoveFigures(Of(1), Of(2), (long)Of(3), (int)Of(4))
            : throw new EmulatorException($"'{said}' is no report of a move.");
    }

    // A machine that has just been switched on lacks randomness, which it takes from the moments of interrupts.
    private void GiveRandomness(string address)
    {
        AwaitAnswer(address);
        Network.Space.Try("ping", "-f", "-q", "-c", "1200", "-w", "5", address);
    }

    // A machine asks the wire first whether an address is free, which takes seconds.
    private void AwaitAnswer(string address)
    {
        var from = Stopwatch.GetTimestamp();
        while (Network.Space.Try("ping", "-c", "1", "-W", "1", address).Code != 0)
        {
            if (Stopwatch.GetElapsedTime(from) > Patience)
            {
                throw Machine.Failure($"{address} does not answer.");
            }
        }
    }

    // The machines have addresses of their own, apart from the node's: while it is on one of them, the other one
    // must be reachable.
    private static string AddressOf(string place) =>
        string.Create(CultureInfo.InvariantCulture, $"10.9.0.{11 + Array.IndexOf(Places, place)}");

    private EmulatedMachine Boot(string place)
    {
        var station = stations[Array.IndexOf(Places, place)];
        var card = Network.NewCard(place, station.Model) with
        {
            Address = string.Create(CultureInfo.InvariantCulture, $"52:54:00:01:{made >> 8:x2}:{made++ & 255:x2}"),
        };
        return station.Start(layout, $"net={AddressOf(place)}/24", card);
    }
}
