using System;
using HaukiOS.Hardware;
using HaukiOS.Net;

namespace HaukiOS.Migration;

/// <summary>
/// The card while nothing else runs: interrupts are off, so the chip is asked whether it would have interrupted. What
/// arrives for the stack is kept: it will be sent after the node, or be given to it if it stays.
/// </summary>
internal sealed class PolledCard(INetworkDevice card, IFrameSide side, KeptFrames kept) : IFrameSink
{
    private const int ReceivedPerPoll = 32;
    private const int SentPerPoll = 32;

    // The pages of the ring of a DP8390; a frame begins on a new one, behind a header.
    private const int RingPage = 256;
    private const int RingHeader = 4;

    private readonly MacAddress station = card.Address;

    /// <inheritdoc/>
    public void OnFrame(ReadOnlySpan<byte> frame, Instant now)
    {
        if (!side.TryTake(frame, now))
        {
            kept.Keep(frame, station);
        }
    }

    /// <summary>Receives what is there and sends what is to be sent, as far as the chip takes it.</summary>
    public void Poll(Instant now)
    {
        card.Poll();
        card.Receive(this, ReceivedPerPoll, now);
        Send(now);
    }

    /// <summary>Sends what is to be sent, as far as the chip takes it.</summary>
    public void Send(Instant now)
    {
        for (int i = 0; i < SentPerPoll; i++)
        {
            Span<byte> room = card.BeginTransmit();
            int length = room.IsEmpty ? 0 : side.Transmit(room, now);
            if (length == 0)
            {
                return;
            }

            card.EndTransmit(length, default);
        }
    }

    /// <summary>Sends what was kept after the node, as much as the card takes now.</summary>
    /// <param name="budget">Bytes of the receiving ring that it may fill; less by those that it has.</param>
    public void SendKept(ref int budget)
    {
        while (kept.Count > 0 && budget > 0)
        {
            Span<byte> room = card.BeginTransmit();
            if (room.IsEmpty)
            {
                return;
            }

            int length = kept.TakeNextForwarded(room);
            card.EndTransmit(length, default);
            budget -= (RingHeader + length + RingPage - 1) & ~(RingPage - 1);
        }
    }
}
