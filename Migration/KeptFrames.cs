using System;
using System.Buffers.Binary;
using HaukiOS.Hardware;

namespace HaukiOS.Migration;

/// <summary>
/// What others send to the node while it stands still. The source keeps it, in machine-local memory and within a
/// bound; when the node runs on the target, the source sends it once more and the switch leads it there, since the
/// node has announced itself from its new place. So a peer that was talking has nothing to send again: its own timeout
/// is a fifth of a second or more, many times what the node stood still for.
/// <para>
/// When the move is given up instead, the node gets these frames here. Nothing here allocates.
/// </para>
/// </summary>
public sealed class KeptFrames
{
    /// <summary>
    /// Bytes that can be kept: at 100 Mbit/s, what comes in 15 ms. Of more than that the oldest are kept, for they are
    /// what a peer would begin to send again with.
    /// </summary>
    public const int Capacity = 192 * 1024;

    /// <summary>
    /// Whom kept frames are from when they are sent again: an individual address administered locally (IEEE 802-2014,
    /// section 8.2.2). With the true one the switch would look for their sender at the source's end from now on.
    /// </summary>
    public static readonly MacAddress Messenger = new(0x02_48_41_55_4B_49);

    private const int LengthBytes = sizeof(ushort);
    private const int EthernetHeader = (2 * MacAddress.Length) + sizeof(ushort);

    private readonly DmaRegion memory;
    private int written;
    private int taken;

    /// <summary>Takes the memory, which is never given back: one of these serves all moves.</summary>
    public KeptFrames(IDmaMemory local) => memory = local.AllocateZeroed(Capacity, sizeof(uint), 0);

    /// <summary>Frames that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Frames for which there was no room.</summary>
    public int Dropped { get; private set; }

    /// <summary>Is no frame more to be kept?</summary>
    public bool IsClosed { get; set; }

    /// <summary>Keeps a frame, if it is for <paramref name="station"/> alone and there is room.</summary>
    public void Keep(ReadOnlySpan<byte> frame, MacAddress station)
    {
        if (IsClosed || frame.Length is < EthernetHeader or > INetworkDevice.FrameMax
            || MacAddress.Read(frame) != station)
        {
            return;
        }

        if (Capacity - written < LengthBytes + frame.Length)
        {
            Dropped++;
            return;
        }

        Span<byte> room = memory.Bytes[written..];
        BinaryPrimitives.WriteUInt16LittleEndian(room, (ushort)frame.Length);
        frame.CopyTo(room[LengthBytes..]);
        written += LengthBytes + frame.Length;
        Count++;
    }

    /// <summary>Takes the oldest frame out.</summary>
    /// <param name="into">Room for <see cref="INetworkDevice.FrameMax"/> bytes.</param>
    /// <returns>Its length; 0 if there is none.</returns>
    public int TakeNext(Span<byte> into)
    {
        if (Count == 0)
        {
            return 0;
        }

        Span<byte> next = memory.Bytes[taken..];
        int length = BinaryPrimitives.ReadUInt16LittleEndian(next);
        next.Slice(LengthBytes, length).CopyTo(into);
        taken += LengthBytes + length;
        Count--;
        if (Count == 0)
        {
            Clear();
        }

        return length;
    }

    /// <summary>Takes the oldest frame out, to be sent again for the node in its new place.</summary>
    /// <param name="into">Room for <see cref="INetworkDevice.FrameMax"/> bytes.</param>
    /// <returns>Its length; 0 if there is none.</returns>
    public int TakeNextForwarded(Span<byte> into)
    {
        int length = TakeNext(into);
        if (length > 0)
        {
            Messenger.Write(into[MacAddress.Length..]);
        }

        return length;
    }

    /// <summary>Forgets them all, and wipes what they said.</summary>
    public void Clear()
    {
        memory.Bytes[..written].Clear();
        written = 0;
        taken = 0;
        Count = 0;
    }
}
