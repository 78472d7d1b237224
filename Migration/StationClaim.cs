using System;
using HaukiOS.Entropy;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Net;

namespace HaukiOS.Migration;

/// <summary>
/// Sees to it that a machine does not use the station address of its own card while a node that has left it uses it
/// elsewhere. A disk's record of moves says so. A machine without such a record asks the wire for some seconds after
/// it was switched on; whoever has the address answers, and then this machine does with another one: each time the
/// same, so that a DHCP server knows it again.
/// </summary>
public sealed class StationClaim : IFrameSide
{
    // Of an address: not the card's, and administered locally (IEEE 802-2014, section 8.2.2).
    private const ulong OtherBit = 0x8000_0000_0000;
    private const ulong LocalBit = 0x0200_0000_0000;

    private const int WaitMilliseconds = 5_000;

    // One word under an address that is used elsewhere, and a switch looks for its node here. Most answers take a
    // millisecond.
    private const int HoldMilliseconds = 100;

    // The wire may lose a frame, and a switch may be slow to pass on what comes from a port that has just come up.
    private static readonly int[] QuestionsAt = [0, 200, 500, 1_000, 2_000, 4_000];

    private readonly NetworkService network;
    private readonly EntropyPool entropy;
    private readonly KernelLog log;
    private MacAddress card;
    private MacAddress voice;
    private MacAddress answer;
    private Instant began;
    private int questions;
    private bool isTaken;

    /// <summary>An address that nobody has to be asked about.</summary>
    public StationClaim(NetworkService network, EntropyPool entropy, KernelLog log)
    {
        this.network = network;
        this.entropy = entropy;
        this.log = log;
    }

    /// <summary>Is it still being asked whether somebody else has this machine's address?</summary>
    public bool IsAsking { get; private set; }

    /// <summary>The address is the card's, and no record says whether it is used elsewhere.</summary>
    public void Begin(Instant now)
    {
        card = network.Stack.Station;
        // Who asks under the address in question draws the frames for the one who has it to this port of a switch.
        voice = NetworkService.MakeUpStation(entropy);
        network.IsStackHeld = true;
        Ask(now);
    }

    /// <summary>A node has landed here, with an address that is its own.</summary>
    public void Settle()
    {
        network.IsStackHeld = false;
        IsAsking = false;
        isTaken = false;
        answer = default;
    }

    /// <summary>Gives the address up if somebody has said that it is used elsewhere.</summary>
    public void Step(Instant now)
    {
        if (isTaken)
        {
            GiveWay(now);
        }
    }

    /// <summary>Does not wait for the wire to say whose the card's address is.</summary>
    public void Avoid(Instant now)
    {
        if (isTaken || (IsAsking && network.Stack.Station == card))
        {
            GiveWay(now);
        }
    }

    /// <inheritdoc/>
    public bool TryTake(ReadOnlySpan<byte> frame, Instant now)
    {
        if (!LinkFrames.TryReadStation(frame, out bool isQuestion, out MacAddress station))
        {
            return false;
        }

        if (station == network.Stack.Station)
        {
            // Two machines that both ask cannot tell whose it is.
            answer = isQuestion && !IsAsking ? station : answer;
            isTaken |= !isQuestion && IsAsking;
        }

        return true;
    }

    /// <inheritdoc/>
    public int Transmit(Span<byte> room, Instant now)
    {
        if (answer != default)
        {
            MacAddress told = answer;
            answer = default;
            return LinkFrames.WriteStation(room, told, isQuestion: false, told);
        }

        if (!IsAsking)
        {
            return 0;
        }

        if (network.Device is not { Link: not LinkState.Down })
        {
            began = now;
        }

        IsAsking = now < began.AddMilliseconds(WaitMilliseconds);
        network.IsStackHeld &= now < began.AddMilliseconds(HoldMilliseconds);
        if (questions == QuestionsAt.Length || now < began.AddMilliseconds(QuestionsAt[questions]))
        {
            return 0;
        }

        questions++;
        return LinkFrames.WriteStation(room, voice, isQuestion: true, network.Stack.Station);
    }

    private void Ask(Instant now)
    {
        IsAsking = true;
        isTaken = false;
        questions = 0;
        began = now;
    }

    private void GiveWay(Instant now)
    {
        MacAddress before = network.Stack.Station;
        MacAddress next = before == card
            ? new MacAddress((card.Value ^ OtherBit) | LocalBit)
            : NetworkService.MakeUpStation(entropy);
        log.Add(isTaken
            ? $"network: the node that left this machine uses {before}; the card listens to {next} instead"
            : $"network: the card listens to {next} instead, in case that a node that left it uses {before}");
        network.UseStation(next, now);
        network.IsStackHeld = false;
        Ask(now);
    }
}
