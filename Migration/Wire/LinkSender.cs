using System;
using HaukiOS.Hardware;

namespace HaukiOS.Migration;

/// <summary>
/// The sending half of a link. Records are packed back to back into packets with sequence numbers. Whenever a packet
/// is sent, again or for the first time, it gets a new number, so that it is always known what an acknowledgement is
/// about: a packet is lost when later numbers have arrived (RFC 9002), also when it is lost a second time. No timer
/// has to run out for that, except for the last packets of all.
/// </summary>
internal sealed unsafe class LinkSender
{
    private const uint Slots = LinkMemory.Slots;
    private const uint SlotMask = LinkMemory.SlotMask;

    // How far numbers may overtake each other before that means a loss; more when packets turn out to be late instead.
    private const uint OvertakingMin = 3;
    private const uint OvertakingMax = 48;

    // One card's worth on the way is the rule, since nothing but the two cards lies between. Losses alone do not
    // change it: bad wires lose at any speed. But when a good part of a round is lost, somebody's memory is too small.
    private const int WindowMin = 4;
    private const int RoundMin = 8;
    private const int LostPercent = 40;
    private const int AnswersPerWindow = 4;
    private const int AnswerEveryMax = 8;
    private const int ResentInSilence = 2;
    private const long LingerNanoseconds = 1_000_000;
    private const long RateNanoseconds = 50_000_000;
    private const int RateBytesMin = 32 * 1024;

    private readonly LinkMemory memory;
    private readonly int windowMax;
    private RoundTrip roundTrip;
    private uint oldest;        // everything before has arrived
    private uint unsent;        // the first one that was never sent
    private uint open;          // the one that is being filled
    private int openLength;
    private long openSince;
    private uint limit = Slots; // what the peer has room for
    private int onTheWay;
    private int lost;
    private uint highest;       // the highest number that the peer has seen
    private long latestTime;
    private uint overtaking = OvertakingMin;
    private uint duplicates;
    private int sinceAsked;
    private uint roundEnd;
    private int roundSent;
    private int roundLost;
    private bool roundLate;
    private long rateSince;
    private long rateBytes;

    public LinkSender(LinkMemory memory, int peerReceiveCapacity)
    {
        this.memory = memory;
        windowMax = Math.Clamp(peerReceiveCapacity / INetworkDevice.FrameMax, 2, (int)Slots);
        Window = windowMax;
    }

    /// <summary>Packets that may be on the way.</summary>
    public int Window { get; private set; }

    /// <summary>Packets sent again.</summary>
    public long Retransmissions { get; private set; }

    /// <summary>Bytes of records per second that arrived.</summary>
    public long BytesPerSecond { get; private set; }

    /// <summary>The round-trip time.</summary>
    public long SmoothedRoundTrip => roundTrip.Smoothed;

    /// <summary>The shortest round-trip time.</summary>
    public long LeastRoundTrip => roundTrip.Least;

    /// <summary>Bytes of records, at most, that the peer has not confirmed.</summary>
    public long BytesWaiting => ((open - oldest) * (long)LinkMemory.PayloadMax) + openLength;

    /// <summary>Has everything arrived?</summary>
    public bool IsDrained => oldest == open && openLength == 0;

    /// <summary>Is there anything that the peer has not confirmed?</summary>
    public bool IsWaiting => oldest != open;

    /// <summary>May a packet be sent?</summary>
    public bool HasPacket => onTheWay < Window && (lost > 0 || (unsent != open && unsent < limit));

    /// <summary>When the packet that is being filled goes out without being full.</summary>
    public long FlushAt => openLength == 0 ? long.MaxValue : openSince + LingerNanoseconds;

    /// <summary>How long to wait for a sign of the peer.</summary>
    public long Patience(int silences) => roundTrip.Patience(silences);

    /// <summary>Is there room for a record?</summary>
    public bool HasRoomFor(int length) =>
        sizeof(ushort) + length <= ((int)(Slots - (open - oldest)) * LinkMemory.PayloadMax) - openLength;

    /// <summary>Takes a record.</summary>
    /// <returns>False if there is no room now.</returns>
    public bool TrySend(ReadOnlySpan<byte> record, Instant now)
    {
        if (!HasRoomFor(record.Length))
        {
            return false;
        }

        if (openLength == 0)
        {
            openSince = now.Nanoseconds;
        }

        if (IsDrained)
        {
            rateSince = now.Nanoseconds;
            rateBytes = 0;
        }

        ushort length = (ushort)record.Length;
        Append(new ReadOnlySpan<byte>(&length, sizeof(ushort)));
        Append(record);
        return true;
    }

    /// <summary>Lets the packet that is being filled go out as it is.</summary>
    public void Flush()
    {
        if (openLength == 0)
        {
            return;
        }

        SentPacket* packet = At(open);
        packet->Length = (ushort)openLength;
        packet->State = SentState.Waiting;
        packet->IsRepeated = false;
        openLength = 0;
        open++;
    }

    /// <summary>The next packet to send; only if there is one.</summary>
    public uint Pick()
    {
        if (lost == 0)
        {
            return unsent;
        }

        uint sequence = oldest;
        while (At(sequence)->State != SentState.Lost)
        {
            sequence++;
        }

        return sequence;
    }

    /// <summary>The records of a packet.</summary>
    public byte* PayloadOf(uint sequence, out int length)
    {
        length = At(sequence)->Length;
        return memory.SendPayloads + ((sequence & SlotMask) * LinkMemory.Stride);
    }

    /// <summary>The packet is sent under a number.</summary>
    /// <returns>Should it ask for an answer at once? It is the last one for now, or one of so many.</returns>
    public bool OnSent(uint sequence, uint number, Instant now)
    {
        SentPacket* packet = At(sequence);
        if (packet->State == SentState.Lost)
        {
            lost--;
            packet->IsRepeated = true;
            Retransmissions++;
        }
        else
        {
            unsent++;
        }

        packet->State = SentState.OnTheWay;
        packet->Number = number;
        SentTime* time = memory.SentTimes + (number & (LinkMemory.Times - 1));
        time->Number = number;
        time->Nanoseconds = now.Nanoseconds;
        onTheWay++;
        roundSent++;
        sinceAsked++;
        bool asks = !HasPacket || sinceAsked >= Math.Clamp(Window / AnswersPerWindow, 1, AnswerEveryMax);
        sinceAsked = asks ? 0 : sinceAsked;
        return asks;
    }

    /// <summary>The peer has been silent for too long: what is on the way longest is sent again.</summary>
    /// <returns>False if there is nothing on the way.</returns>
    public bool OnSilence()
    {
        int left = ResentInSilence;
        for (uint sequence = oldest; sequence != unsent && left > 0; sequence++)
        {
            if (At(sequence)->State == SentState.OnTheWay)
            {
                Lose(At(sequence));
                left--;
            }
        }

        return left < ResentInSilence || lost > 0;
    }

    /// <summary>Acts on an acknowledgement.</summary>
    /// <param name="told">What it says.</param>
    /// <param name="lastNumber">The number used last.</param>
    /// <param name="now">The present moment.</param>
    /// <returns>False, and nothing has changed, if it says what cannot be.</returns>
    public bool TryAcknowledge(in Acknowledgement told, uint lastNumber, Instant now)
    {
        if (told.Missing > unsent || told.Highest > lastNumber || HasBitsFrom(told, unsent - told.Missing))
        {
            return false;
        }

        long before = rateBytes;
        for (; oldest < told.Missing; oldest++)
        {
            Arrive(At(oldest));
        }

        ArriveOutOfOrder(told.Missing + 1, told.ArrivedLow);
        ArriveOutOfOrder(told.Missing + 65, told.ArrivedHigh);
        limit = Math.Max(limit, told.Limit);
        if (told.Duplicates > duplicates)
        {
            duplicates = told.Duplicates;
            roundLate = true;
            overtaking = Math.Min(overtaking * 2, OvertakingMax);
        }

        if (told.Highest > highest)
        {
            highest = told.Highest;
            MeasureRoundTrip(told.Delay, now);
            FindLost(now);
        }

        if (rateBytes != before)
        {
            MeasureRate(now);
        }

        if (oldest >= roundEnd)
        {
            EndRound();
        }

        return true;
    }

    // Does it claim packets that were never sent? The first bit stands for the packet after the missing one.
    private static bool HasBitsFrom(in Acknowledgement told, uint packets)
    {
        uint bits = packets == 0 ? 0 : packets - 1;
        return bits < 64
            ? (told.ArrivedLow >> (int)bits) != 0 || told.ArrivedHigh != 0
            : bits < 128 && (told.ArrivedHigh >> (int)(bits - 64)) != 0;
    }

    private SentPacket* At(uint sequence) => memory.Sent + (sequence & SlotMask);

    private void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(bytes.Length, LinkMemory.PayloadMax - openLength);
            byte* into = memory.SendPayloads + ((open & SlotMask) * LinkMemory.Stride) + openLength;
            bytes.Slice(0, count).CopyTo(new Span<byte>(into, count));
            openLength += count;
            bytes = bytes.Slice(count);
            if (openLength == LinkMemory.PayloadMax)
            {
                Flush();
            }
        }
    }

    private void Arrive(SentPacket* packet)
    {
        if (packet->State == SentState.Arrived)
        {
            return;
        }

        if (packet->State == SentState.OnTheWay)
        {
            onTheWay--;
        }
        else if (packet->State == SentState.Lost)
        {
            lost--; // it was only late
        }

        packet->State = SentState.Arrived;
        rateBytes += packet->Length;
    }

    private void ArriveOutOfOrder(uint sequence, ulong bits)
    {
        for (; bits != 0; bits >>= 1, sequence++)
        {
            if ((bits & 1) != 0 && sequence >= oldest)
            {
                Arrive(At(sequence));
            }
        }
    }

    private void Lose(SentPacket* packet)
    {
        packet->State = SentState.Lost;
        onTheWay--;
        lost++;
        roundLost++;
    }

    private void FindLost(Instant now)
    {
        long overtaken = roundTrip.Overtaken(latestTime);
        for (uint sequence = oldest; sequence != unsent; sequence++)
        {
            SentPacket* packet = At(sequence);
            if (packet->State != SentState.OnTheWay || packet->Number >= highest)
            {
                continue;
            }

            if (highest - packet->Number >= overtaking
                || (TryGetSentTime(packet->Number, out long sent) && now.Nanoseconds - sent > overtaken))
            {
                Lose(packet);
            }
        }
    }

    private bool TryGetSentTime(uint number, out long nanoseconds)
    {
        SentTime* time = memory.SentTimes + (number & (LinkMemory.Times - 1));
        nanoseconds = time->Nanoseconds;
        return time->Number == number;
    }

    private void MeasureRoundTrip(uint delay, Instant now)
    {
        if (TryGetSentTime(highest, out long sent))
        {
            latestTime = Math.Max(now.Nanoseconds - sent - (delay * 1000L), 1);
            roundTrip.Measure(latestTime);
        }
    }

    // Long enough to mean something; what was sent in less time than that counts only if it was a good deal.
    private void MeasureRate(Instant now)
    {
        long time = now.Nanoseconds - rateSince;
        if (time >= RateNanoseconds || (!IsWaiting && rateBytes >= RateBytesMin))
        {
            long rate = rateBytes * 1_000_000 / Math.Max(time / 1000, 1);
            BytesPerSecond = BytesPerSecond == 0 ? rate : ((BytesPerSecond * 3) + rate) / 4;
            rateSince = now.Nanoseconds;
            rateBytes = 0;
        }
    }

    private void EndRound()
    {
        if (roundSent >= RoundMin && roundLost * 100 > roundSent * LostPercent)
        {
            Window = Math.Max(Window * 3 / 4, Math.Min(WindowMin, windowMax));
        }
        else if (Window < windowMax)
        {
            Window = Math.Min(windowMax, Window + Math.Max(1, Window / 8));
        }

        if (!roundLate && overtaking > OvertakingMin)
        {
            overtaking--;
        }

        roundEnd = unsent;
        roundSent = 0;
        roundLost = 0;
        roundLate = false;
    }
}
