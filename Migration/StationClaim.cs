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
/// <para>
/// The IP address that stands on this machine's command line may have been the node's as well. So a machine with a
/// record asks, too, for the node that has left it; a node tells its IP address, and where that is the machine's, the
/// machine does not use it as long as somebody answers there (RFC 5227).
/// </para>
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
    private MacAddress left; // of the node that has left this machine, if its record says so
    private MacAddress voice;
    private MacAddress answer;
    private Instant began;
    private int questions;
    private bool asksForOwn;
    private bool isTaken;
    private Ipv4Address told; // of the node

    /// <summary>An address that nobody has to be asked about.</summary>
    public StationClaim(NetworkService network, EntropyPool entropy, KernelLog log)
    {
        this.network = network;
        this.entropy = entropy;
        this.log = log;
    }

    /// <summary>Is it still being asked whether somebody else has this machine's address?</summary>
    public bool IsAsking { get; private set; }

    /// <summary>This machine was switched on.</summary>
    /// <param name="isCertain">Is it known that nobody else uses its station address?</param>
    /// <param name="gone">The station address of a node that has left this machine; default if none is known.</param>
    /// <param name="now">The present moment.</param>
    public void Begin(bool isCertain, MacAddress gone, Instant now)
    {
        if (isCertain && !gone.IsStation)
        {
            return;
        }

        card = network.Stack.Station;
        left = gone;
        asksForOwn = !isCertain;
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
        asksForOwn = false;
        left = default;
        told = default;
        answer = default;
    }

    /// <summary>Gives the addresses up of which somebody has said that they are used elsewhere.</summary>
    public void Step(Instant now)
    {
        if (isTaken)
        {
            GiveWay(now);
        }

        NetworkSettings settings = network.Settings;
        if (told.IsHost && settings.Source == AddressSource.Fixed && settings.Configuration.Address == told)
        {
            log.Add($"network: the node that left this machine uses {told}");
            network.Apply(settings, now, probe: true);
        }

        told = default;
    }

    /// <summary>Does not wait for the wire to say whose the card's address is.</summary>
    public void Avoid(Instant now)
    {
        if (isTaken || (IsAsking && asksForOwn && network.Stack.Station == card))
        {
            GiveWay(now);
        }
    }

    /// <inheritdoc/>
    public bool TryTake(ReadOnlySpan<byte> frame, Instant now)
    {
        if (!LinkFrames.TryReadStation(frame, out bool isQuestion, out MacAddress station, out Ipv4Address address))
        {
            return false;
        }

        bool isOwn = station == network.Stack.Station;
        bool isAsked = IsAsking && (isOwn ? asksForOwn : station == left);
        if (isQuestion)
        {
            // Two machines that both ask cannot tell whose it is.
            answer = isOwn && !isAsked ? station : answer;
        }
        else if (isAsked)
        {
            isTaken |= isOwn;
            told = address;
        }

        return true;
    }

    /// <inheritdoc/>
    public int Transmit(Span<byte> room, Instant now)
    {
        if (answer != default)
        {
            MacAddress mine = answer;
            answer = default;
            return LinkFrames.WriteStation(room, mine, isQuestion: false, mine, network.Stack.Routes.Local);
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
        return Question(room, now);
    }

    private int Question(Span<byte> room, Instant now)
    {
        // About the own address and about the node's in turn, as far as there is something to ask.
        while (questions < 2 * QuestionsAt.Length && now >= began.AddMilliseconds(QuestionsAt[questions / 2]))
        {
            MacAddress about = questions++ % 2 == 1 ? left : asksForOwn ? network.Stack.Station : default;
            if (about.IsStation)
            {
                return LinkFrames.WriteStation(room, voice, isQuestion: true, about, Ipv4Address.Any);
            }
        }

        return 0;
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
