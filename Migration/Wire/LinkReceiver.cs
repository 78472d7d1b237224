using System;
using HaukiOS.Hardware;

namespace HaukiOS.Migration;

/// <summary>
/// The receiving half of a link: puts packets into their order and gives out their records. A record that lies in one
/// packet is given out where it lies; only one that lies in several is copied together.
/// </summary>
internal sealed unsafe class LinkReceiver
{
    private const uint Slots = LinkMemory.Slots;
    private const uint SlotMask = LinkMemory.SlotMask;

    // The peer is told of new room when it is a good part of all room.
    private const uint WorthTelling = Slots / 4;

    // Without being asked, the peer is told of so many packets, or after so long.
    private const int AnswerEvery = 16;
    private const long AnswerNanoseconds = 1_000_000;

    private readonly LinkMemory memory;
    private uint missing;       // the first packet that has not come
    private uint reading;       // the packet whose records are given out
    private int readOffset;
    private int assembled;
    private uint beyond;        // one more than the highest sequence number that has come
    private uint told = Slots;  // the limit that the peer was told
    private uint highest;
    private long highestAt;
    private int unanswered;

    public LinkReceiver(LinkMemory memory) => this.memory = memory;

    /// <summary>When the peer is to be answered at the latest.</summary>
    public long AnswerAt { get; private set; } = long.MaxValue;

    /// <summary>Packets that came although they had come before.</summary>
    public uint Duplicates { get; private set; }

    /// <summary>Has the other side sent what no link sends?</summary>
    public bool IsConfused { get; private set; }

    /// <summary>Where a packet that has come is put; null if there is no place for it, or it is there.</summary>
    public byte* PlaceOf(uint sequence) =>
        IsNew(sequence) ? memory.ReceivePayloads + ((sequence & SlotMask) * LinkMemory.Stride) : null;

    /// <summary>A packet has come and is proven authentic.</summary>
    public void OnPacket(uint sequence, int length, uint number, bool answerNow, Instant now)
    {
        if (number > highest)
        {
            highest = number;
            highestAt = now.Nanoseconds;
        }

        unanswered++;
        bool hurry = answerNow || unanswered >= AnswerEvery;
        if (IsNew(sequence))
        {
            hurry |= sequence > beyond; // something was lost or overtaken
            beyond = Math.Max(beyond, sequence + 1);
            memory.ReceivedLengths[sequence & SlotMask] = (ushort)(length + 1);
            while (missing - reading < Slots && memory.ReceivedLengths[missing & SlotMask] != 0)
            {
                missing++;
            }
        }
        else
        {
            Duplicates += sequence < reading + Slots ? 1u : 0;
            hurry = true;
        }

        AnswerAt = hurry ? 0 : Math.Min(AnswerAt, now.Nanoseconds + AnswerNanoseconds);
    }

    /// <summary>The peer wants to know.</summary>
    public void AnswerNow() => AnswerAt = 0;

    /// <summary>What the peer is to be told; it counts as told then.</summary>
    public Acknowledgement Answer(Instant now)
    {
        Acknowledgement answer = default;
        answer.Missing = missing;
        for (uint bit = 0; missing + 1 + bit < beyond; bit++)
        {
            if (memory.ReceivedLengths[(missing + 1 + bit) & SlotMask] == 0)
            {
                continue;
            }

            if (bit < 64)
            {
                answer.ArrivedLow |= 1ul << (int)bit;
            }
            else
            {
                answer.ArrivedHigh |= 1ul << (int)(bit - 64);
            }
        }

        told = reading + Slots;
        answer.Limit = told;
        answer.Highest = highest;
        answer.Delay = (uint)Math.Min((now.Nanoseconds - highestAt) / 1000, 10_000_000);
        answer.Duplicates = Duplicates;
        AnswerAt = long.MaxValue;
        unanswered = 0;
        return answer;
    }

    /// <summary>Gives out the next record.</summary>
    /// <param name="record">Stays as it is until the next call.</param>
    /// <returns>False if none is complete.</returns>
    public bool TryReceive(out ReadOnlySpan<byte> record)
    {
        record = default;
        while (reading != missing && !IsConfused)
        {
            byte* packet = memory.ReceivePayloads + ((reading & SlotMask) * LinkMemory.Stride);
            int left = memory.ReceivedLengths[reading & SlotMask] - 1 - readOffset;
            if (left == 0)
            {
                Release();
                continue;
            }

            byte* at = packet + readOffset;
            if (assembled == 0 && left >= sizeof(ushort))
            {
                int whole = sizeof(ushort) + LengthAt(at);
                if (left >= whole)
                {
                    readOffset += whole;
                    record = new ReadOnlySpan<byte>(at + sizeof(ushort), whole - sizeof(ushort));
                    return true;
                }
            }

            if (Assemble(at, left))
            {
                record = new ReadOnlySpan<byte>(memory.Assembly + sizeof(ushort), assembled - sizeof(ushort));
                assembled = 0;
                return true;
            }
        }

        return false;
    }

    // Takes what is there of a record in pieces. True if that was its last one.
    private bool Assemble(byte* at, int left)
    {
        int wanted = assembled < sizeof(ushort) ? sizeof(ushort) : sizeof(ushort) + LengthAt(memory.Assembly);
        int count = Math.Min(wanted - assembled, left);
        new ReadOnlySpan<byte>(at, count).CopyTo(new Span<byte>(memory.Assembly + assembled, count));
        assembled += count;
        readOffset += count;
        return assembled >= sizeof(ushort) && assembled == sizeof(ushort) + LengthAt(memory.Assembly);
    }

    private int LengthAt(byte* at)
    {
        int length = at[0] | (at[1] << 8);
        if (length > PacketLink.RecordMax)
        {
            IsConfused = true;
            length = 0;
        }

        return length;
    }

    private void Release()
    {
        memory.ReceivedLengths[reading & SlotMask] = 0;
        readOffset = 0;
        reading++;
        if (reading + Slots - told >= WorthTelling)
        {
            AnswerAt = 0;
        }
    }

    private bool IsNew(uint sequence) =>
        sequence >= missing && sequence < reading + Slots && memory.ReceivedLengths[sequence & SlotMask] == 0;
}
