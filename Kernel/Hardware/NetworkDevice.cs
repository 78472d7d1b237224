using System;
using System.Buffers.Binary;
using HaukiOS.Loop;

namespace HaukiOS.Hardware;

/// <summary>An Ethernet address: six bytes, the first one on the wire in the highest place of 48 bits.</summary>
public readonly record struct MacAddress(ulong Value)
{
    /// <summary>Bytes of an address on the wire.</summary>
    public const int Length = 6;

    /// <summary>Everybody on the wire.</summary>
    public static readonly MacAddress Broadcast = new(0xFFFF_FFFF_FFFF);

    /// <summary>Is it for more than one station (IEEE 802-2014, section 8.2.2: the I/G bit)?</summary>
    public bool IsGroup => (Value & 0x0100_0000_0000) != 0;

    /// <summary>Can it be the address of one station?</summary>
    public bool IsStation => Value != 0 && !IsGroup;

    /// <summary>Reads the first six bytes.</summary>
    public static MacAddress Read(ReadOnlySpan<byte> from) => new(
        ((ulong)BinaryPrimitives.ReadUInt16BigEndian(from) << 32) | BinaryPrimitives.ReadUInt32BigEndian(from[2..]));

    /// <summary>Writes six bytes.</summary>
    public void Write(Span<byte> into)
    {
        BinaryPrimitives.WriteUInt16BigEndian(into, (ushort)(Value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(into[2..], (uint)Value);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{(byte)(Value >> 40):x2}:{(byte)(Value >> 32):x2}:{(byte)(Value >> 24):x2}:"
        + $"{(byte)(Value >> 16):x2}:{(byte)(Value >> 8):x2}:{(byte)Value:x2}";
}

/// <summary>Is there a wire, and somebody at its other end?</summary>
public enum LinkState
{
    /// <summary>The chip cannot tell.</summary>
    Unknown,

    /// <summary>No.</summary>
    Down,

    /// <summary>Yes.</summary>
    Up,
}

/// <summary>What a network card has counted since its driver started. Frames, but where bytes are said.</summary>
public struct DeviceCounters
{
    /// <summary>Good frames handed on.</summary>
    public long Received;

    /// <summary>Bytes of them.</summary>
    public long ReceivedBytes;

    /// <summary>Frames that the chip took for sending.</summary>
    public long Sent;

    /// <summary>Bytes of them.</summary>
    public long SentBytes;

    /// <summary>Frames with a bad checksum, alignment or length, as the chip or the driver saw them.</summary>
    public long ReceiveErrors;

    /// <summary>Frames lost for want of room in chip or ring, as far as the chip counts them.</summary>
    public long ReceiveMissed;

    /// <summary>How often the receive ring overflowed and was brought back to order.</summary>
    public long Overflows;

    /// <summary>Frames that could not be sent: collisions, no carrier, underrun.</summary>
    public long SendErrors;

    /// <summary>How often the chip was started anew because it was wedged.</summary>
    public long Resets;

    /// <summary>How often the regular look at the chip found work that no interrupt had told of.</summary>
    public long LostInterrupts;

    /// <summary>Interrupts that the chip had raised.</summary>
    public long Interrupts;
}

/// <summary>What the card is to do to a frame before it sends it. All zero: nothing.</summary>
public struct TransmitOffload
{
    /// <summary>
    /// Sum up the TCP segment: its checksum field holds the sum of the pseudo header. The IPv4 header's own sum is the
    /// card's as well, and zero in the frame.
    /// </summary>
    public bool TcpChecksum;

    /// <summary>
    /// Cut the TCP segment into ones of so many bytes of payload, repeating its headers (large send); 0: send it as it
    /// is. Only together with <see cref="TcpChecksum"/>.
    /// </summary>
    public ushort SegmentSize;
}

/// <summary>Takes received frames.</summary>
public interface IFrameSink
{
    /// <summary>One whole Ethernet frame without its check sequence; the driver's again after the call.</summary>
    void OnFrame(ReadOnlySpan<byte> frame, Instant now);
}

/// <summary>
/// A network card. Its interrupt handler acknowledges and sets <see cref="Pending"/>; all else happens in the event
/// loop's calls, none of which waits.
/// </summary>
public interface INetworkDevice
{
    /// <summary>The longest frame, in bytes, without the check sequence (IEEE 802.3).</summary>
    public const int FrameMax = 1514;

    /// <summary>The shortest frame on the wire, without the check sequence. The driver pads shorter ones.</summary>
    public const int FrameMin = 60;

    /// <summary>Chip and place, for people: <c>RTL8139 at 0xc000, line 11</c>.</summary>
    string Name { get; }

    /// <summary>The station address the card listens to.</summary>
    MacAddress Address { get; }

    /// <summary>The state of the wire.</summary>
    LinkState Link { get; }

    /// <summary>What was counted.</summary>
    DeviceCounters Counters { get; }

    /// <summary>Can the card sum up TCP segments (<see cref="TransmitOffload.TcpChecksum"/>)?</summary>
    bool OffersTcpChecksum => false;

    /// <summary>
    /// The longest frame, in bytes, that the card cuts up by itself (<see cref="TransmitOffload.SegmentSize"/>),
    /// and the length of <see cref="BeginTransmit"/>'s room; <see cref="FrameMax"/> if it does not.
    /// </summary>
    int LargeFrameMax => FrameMax;

    /// <summary>
    /// Bytes of full-sized frames that can wait between card and loop. What comes beyond it in one burst may be lost,
    /// so a peer should not be invited to send more at once.
    /// </summary>
    int ReceiveCapacity => 16 * FrameMax;

    /// <summary>Set by the interrupt handler when there is something to receive, or room to send again.</summary>
    PendingBit? Pending { get; set; }

    /// <summary>Makes the card listen to another station address. Frames in flight may be lost.</summary>
    void SetAddress(MacAddress address);

    /// <summary>Hands received frames to <paramref name="sink"/>.</summary>
    /// <param name="sink">Called once for each frame.</param>
    /// <param name="budget">The most frames in this call.</param>
    /// <param name="now">The present moment, handed on.</param>
    /// <returns>True if there may be more: call again soon.</returns>
    bool Receive(IFrameSink sink, int budget, Instant now);

    /// <summary>
    /// Does what an interrupt would do, while interrupts are off: before each <see cref="Receive"/> then, which sees
    /// only what was told of.
    /// </summary>
    void Poll()
    {
    }

    /// <summary>
    /// Room for the next frame to send, <see cref="LargeFrameMax"/> bytes; empty while the card can take none (then
    /// <see cref="Pending"/> is set once it can). Asking again without <see cref="EndTransmit"/> gives the same room.
    /// </summary>
    Span<byte> BeginTransmit();

    /// <summary>Sends what was written into the room of <see cref="BeginTransmit"/>.</summary>
    /// <param name="length">Bytes, from 14 to <see cref="FrameMax"/>; more if the card is to cut them up.</param>
    /// <param name="offload">What the card is to do; only what it offers.</param>
    void EndTransmit(int length, in TransmitOffload offload);

    /// <summary>
    /// Looks at the chip without an interrupt, ten times a second: finds interrupts that were lost, a ring that is
    /// stuck, a wire that was pulled, and brings the chip back to work.
    /// </summary>
    void Check(Instant now);

    /// <summary>Stops receiving, sending and interrupts, leaving no DMA behind: for shutdown and a move.</summary>
    void Stop();
}
