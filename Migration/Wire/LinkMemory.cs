using System;
using HaukiOS.Hardware;
using HaukiOS.Secrets;

namespace HaukiOS.Migration;

/// <summary>
/// The machine-local memory of a link: packets, keys, and what is known of each packet on the way. It is taken once
/// and serves one link after the other, since such memory is never given back. It must not move.
/// </summary>
public sealed unsafe class LinkMemory
{
    /// <summary>Packets that may be on the way, or wait for one before them; a power of two.</summary>
    internal const int Slots = 128;

    /// <summary>Which slot a sequence number has.</summary>
    internal const uint SlotMask = Slots - 1;

    /// <summary>Bytes of records in a full packet: a frame without headers and tag.</summary>
    internal const int PayloadMax = INetworkDevice.FrameMax - LinkFrames.ContentStart - PacketCipher.TagLength;

    /// <summary>Bytes from one packet to the next.</summary>
    internal const int Stride = (PayloadMax + Alignment - 1) / Alignment * Alignment;

    /// <summary>Packets whose time of sending is remembered; a power of two.</summary>
    internal const int Times = 512;

    /// <summary>Bits of the window against repeated frames; a power of two.</summary>
    internal const int ReplayBits = 2048;

    private const int Alignment = 64;
    private const int WordBits = 32;

    private readonly DmaRegion send;
    private readonly DmaRegion receive;
    private readonly DmaRegion rest;

    /// <summary>Takes the memory.</summary>
    public LinkMemory(IDmaMemory local)
    {
        send = local.AllocateZeroed(Slots * Stride, Alignment, 0);
        receive = local.AllocateZeroed(Slots * Stride, Alignment, 0);
        int assembled = RoundUp(sizeof(ushort) + PacketLink.RecordMax);
        int cipher = RoundUp(PacketCipher.StateLength);
        int content = RoundUp(Acknowledgement.Length + PacketCipher.TagLength);
        int sent = Slots * sizeof(SentPacket), times = Times * sizeof(SentTime);
        int lengths = Slots * sizeof(ushort), seen = ReplayBits / WordBits * sizeof(uint);
        rest = local.AllocateZeroed(assembled + (2 * cipher) + content + sent + times + lengths + seen, Alignment, 0);
        fixed (byte* start = send.Bytes)
        {
            SendPayloads = start;
        }

        fixed (byte* start = receive.Bytes)
        {
            ReceivePayloads = start;
        }

        fixed (byte* start = rest.Bytes)
        {
            byte* at = start;
            Assembly = Take(ref at, assembled);
            SendCipher = Take(ref at, cipher);
            ReceiveCipher = Take(ref at, cipher);
            Content = Take(ref at, content);
            Sent = (SentPacket*)Take(ref at, sent);
            SentTimes = (SentTime*)Take(ref at, times);
            ReceivedLengths = (ushort*)Take(ref at, lengths);
            Replay = (uint*)Take(ref at, seen);
        }
    }

    internal byte* SendPayloads { get; }

    internal byte* ReceivePayloads { get; }

    /// <summary>Where a record is put together that lies in more than one packet.</summary>
    internal byte* Assembly { get; }

    internal byte* SendCipher { get; }

    internal byte* ReceiveCipher { get; }

    /// <summary>The content of an acknowledgement.</summary>
    internal byte* Content { get; }

    internal SentPacket* Sent { get; }

    internal SentTime* SentTimes { get; }

    /// <summary>Bytes of records in each received packet, and one; 0: it has not come.</summary>
    internal ushort* ReceivedLengths { get; }

    internal uint* Replay { get; }

    /// <summary>Does a link use it?</summary>
    internal bool IsTaken { get; set; }

    /// <summary>Overwrites everything: records are pieces of somebody's memory, and there are the keys.</summary>
    internal void Wipe()
    {
        send.Bytes.Clear();
        receive.Bytes.Clear();
        rest.Bytes.Clear();
    }

    private static int RoundUp(int length) => (length + Alignment - 1) & ~(Alignment - 1);

    private static byte* Take(ref byte* at, int length)
    {
        byte* taken = at;
        at += length;
        return taken;
    }
}

/// <summary>When the packet with a number was sent.</summary>
internal struct SentTime
{
    public uint Number;
    public long Nanoseconds;
}

/// <summary>What is known of a packet that was, or waits to be, sent.</summary>
internal struct SentPacket
{
    /// <summary>The number that it was last sent under.</summary>
    public uint Number;

    /// <summary>Bytes of records.</summary>
    public ushort Length;

    /// <summary>Where it stands.</summary>
    public SentState State;

    /// <summary>Was it sent before?</summary>
    public bool IsRepeated;
}

/// <summary>Where a packet stands.</summary>
internal enum SentState : byte
{
    /// <summary>It is being filled, or waits for its first time.</summary>
    Waiting,

    /// <summary>It is on the way.</summary>
    OnTheWay,

    /// <summary>It is taken for lost, and waits to be sent again.</summary>
    Lost,

    /// <summary>It has arrived, but one before it has not.</summary>
    Arrived,
}
