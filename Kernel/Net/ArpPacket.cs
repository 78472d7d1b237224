using System;
using System.Buffers.Binary;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>One ARP message for IPv4 over Ethernet (RFC 826).</summary>
internal readonly record struct ArpPacket(
    bool IsRequest,
    MacAddress SenderStation,
    Ipv4Address Sender,
    MacAddress TargetStation,
    Ipv4Address Target)
{
    /// <summary>Bytes after the Ethernet header.</summary>
    internal const int Length = 28;

    private const ushort Ethernet = 1;
    private const ushort Request = 1;
    private const ushort Reply = 2;

    /// <summary>
    /// Reads one message. A sender must be one station; its protocol address is a host's, or none while it probes
    /// (RFC 5227, section 1.1).
    /// </summary>
    internal static bool TryDecode(ReadOnlySpan<byte> payload, out ArpPacket packet)
    {
        packet = default;
        if (payload.Length < Length
            || BinaryPrimitives.ReadUInt16BigEndian(payload) != Ethernet
            || BinaryPrimitives.ReadUInt16BigEndian(payload[2..]) != EtherType.Ipv4
            || payload[4] != MacAddress.Length
            || payload[5] != Ipv4Address.Length)
        {
            return false;
        }

        ushort operation = BinaryPrimitives.ReadUInt16BigEndian(payload[6..]);
        packet = new ArpPacket(
            operation == Request,
            MacAddress.Read(payload[8..]),
            Ipv4Address.Read(payload[14..]),
            MacAddress.Read(payload[18..]),
            Ipv4Address.Read(payload[24..]));
        return operation is Request or Reply
            && packet.SenderStation.IsStation
            && (packet.Sender.IsHost || (packet.IsRequest && packet.Sender == Ipv4Address.Any));
    }

    /// <summary>Writes the message.</summary>
    internal void Write(Span<byte> into)
    {
        BinaryPrimitives.WriteUInt16BigEndian(into, Ethernet);
        BinaryPrimitives.WriteUInt16BigEndian(into[2..], EtherType.Ipv4);
        into[4] = MacAddress.Length;
        into[5] = Ipv4Address.Length;
        BinaryPrimitives.WriteUInt16BigEndian(into[6..], IsRequest ? Request : Reply);
        SenderStation.Write(into[8..]);
        Sender.Write(into[14..]);
        TargetStation.Write(into[18..]);
        Target.Write(into[24..]);
    }
}
