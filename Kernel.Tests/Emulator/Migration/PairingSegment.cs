using System;
using System.Buffers.Binary;
using HaukiOS.Migration;
using HaukiOS.Net;

namespace HaukiOS.Tests.Emulator.Migration;

/// <summary>A TCP segment of a pairing, as somebody on the wire sees it, and as they would forge it.</summary>
internal readonly struct PairingSegment
{
    private const int DatagramAt = EtherType.HeaderLength;
    private const int ChecksumInSegment = 16;
    private const int FlagsInSegment = 13;
    private const byte Finish = 1;

    private readonly int segmentAt;

    private PairingSegment(ReadOnlySpan<byte> frame, in Ipv4Packet packet)
    {
        segmentAt = DatagramAt + packet.HeaderLength;
        End = DatagramAt + packet.TotalLength;
        ReadOnlySpan<byte> segment = frame[segmentAt..End];
        ushort from = BinaryPrimitives.ReadUInt16BigEndian(segment);
        IsFromTarget = from == PairingProtocol.Port;
        PeerPort = IsFromTarget ? BinaryPrimitives.ReadUInt16BigEndian(segment[2..]) : from;
        Sequence = BinaryPrimitives.ReadUInt32BigEndian(segment[4..]);
        PayloadAt = segmentAt + (segment[12] >> 4 << 2);
    }

    /// <summary>Does it come from the machine that stands by?</summary>
    public bool IsFromTarget { get; }

    /// <summary>The source's port.</summary>
    public ushort PeerPort { get; }

    /// <summary>The number of its first byte.</summary>
    public uint Sequence { get; }

    /// <summary>Where in the frame its bytes begin.</summary>
    public int PayloadAt { get; }

    /// <summary>Where they end.</summary>
    public int End { get; }

    /// <summary>Its bytes.</summary>
    public int PayloadLength => End - PayloadAt;

    /// <summary>Reads a frame.</summary>
    /// <returns>False if it is something else.</returns>
    public static bool TryRead(ReadOnlySpan<byte> frame, out PairingSegment segment)
    {
        segment = default;
        if (frame.Length < DatagramAt || EthernetFrame.TypeOf(frame) != EtherType.Ipv4
            || !Ipv4Packet.TryDecode(frame[DatagramAt..], out Ipv4Packet packet, out _)
            || packet.Protocol != IpProtocol.Tcp)
        {
            return false;
        }

        ReadOnlySpan<byte> ports = frame[(DatagramAt + packet.HeaderLength)..];
        if (BinaryPrimitives.ReadUInt16BigEndian(ports) != PairingProtocol.Port
            && BinaryPrimitives.ReadUInt16BigEndian(ports[2..]) != PairingProtocol.Port)
        {
            return false;
        }

        segment = new PairingSegment(frame, packet);
        return true;
    }

    /// <summary>The same with one bit of its last byte turned over, and a checksum that agrees.</summary>
    public byte[] Turned(byte[] frame)
    {
        byte[] forged = (byte[])frame.Clone();
        forged[End - 1] ^= 1;
        return Sealed(forged, End);
    }

    /// <summary>The same without its last bytes, and with the word that there is nothing more to come.</summary>
    public byte[] CutShort(byte[] frame)
    {
        byte[] forged = frame[..(PayloadAt + (PayloadLength / 2))];
        forged[segmentAt + FlagsInSegment] |= Finish;
        return Sealed(forged, forged.Length);
    }

    private byte[] Sealed(byte[] frame, int end)
    {
        Span<byte> header = frame.AsSpan(DatagramAt, segmentAt - DatagramAt);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)(end - DatagramAt));
        header.Slice(10, 2).Clear();
        InternetChecksum.Write(header[10..], InternetChecksum.Sum(header));
        Span<byte> segment = frame.AsSpan(segmentAt, end - segmentAt);
        segment.Slice(ChecksumInSegment, 2).Clear();
        uint pseudo = InternetChecksum.PseudoHeader(
            Ipv4Address.Read(header[12..]), Ipv4Address.Read(header[16..]), IpProtocol.Tcp, segment.Length);
        InternetChecksum.Write(segment[ChecksumInSegment..], InternetChecksum.Sum(segment, pseudo));
        return frame;
    }
}
