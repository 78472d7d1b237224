using System;
using System.Buffers.Binary;
using System.Text;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>
/// Says in a few words what a frame is. For people: nothing is checked but that what is read is there, and a frame may
/// be cut off anywhere.
/// </summary>
public static class PacketSummary
{
    private const string Cut = "cut off";

    /// <summary>One line about a frame, or its beginning.</summary>
    public static string Of(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < EtherType.HeaderLength)
        {
            return Cut;
        }

        ushort type = BinaryPrimitives.ReadUInt16BigEndian(frame[12..]);
        ReadOnlySpan<byte> payload = frame[EtherType.HeaderLength..];
        return type switch
        {
            EtherType.Arp => Arp(payload),
            EtherType.Ipv4 => Ip(payload),
            _ => $"{MacAddress.Read(frame[6..])} to {MacAddress.Read(frame)}, type {type:x4}",
        };
    }

    private static string Arp(ReadOnlySpan<byte> packet)
    {
        const int length = 28; // RFC 826, for Ethernet and IPv4
        if (packet.Length < length)
        {
            return "ARP, " + Cut;
        }

        ushort operation = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]);
        Ipv4Address sender = Ipv4Address.Read(packet[14..]);
        Ipv4Address target = Ipv4Address.Read(packet[24..]);
        MacAddress station = MacAddress.Read(packet[8..]);
        return operation switch
        {
            1 when sender == target => $"ARP {station} announces {sender}",
            1 => $"ARP who has {target}? asks {sender} at {station}",
            2 => $"ARP {sender} is at {station}",
            _ => $"ARP operation {operation}",
        };
    }

    private static string Ip(ReadOnlySpan<byte> packet)
    {
        const int headerMin = 20;
        int header = packet.IsEmpty ? 0 : (packet[0] & 0xF) * 4;
        if (packet.Length < headerMin || header < headerMin || packet.Length < header)
        {
            return "IPv4, " + Cut;
        }

        Ipv4Address source = Ipv4Address.Read(packet[12..]);
        Ipv4Address destination = Ipv4Address.Read(packet[16..]);
        int fragment = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]);
        int payloadLength = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) - header;
        ReadOnlySpan<byte> payload = packet[header..];
        if ((fragment & 0x1FFF) != 0)
        {
            return $"IPv4 {source} to {destination}, protocol {packet[9]}, fragment at {(fragment & 0x1FFF) * 8}";
        }

        return packet[9] switch
        {
            IpProtocol.Icmp => $"ICMP {source} to {destination}, {Icmp(payload)}",
            IpProtocol.Tcp => Tcp(source, destination, payload, payloadLength),
            IpProtocol.Udp => Udp(source, destination, payload),
            _ => $"IPv4 {source} to {destination}, protocol {packet[9]}",
        };
    }

    private static string Icmp(ReadOnlySpan<byte> message)
    {
        const int header = 8;
        if (message.Length < header)
        {
            return Cut;
        }

        return message[0] switch
        {
            0 => $"echo reply {BinaryPrimitives.ReadUInt16BigEndian(message[6..])}",
            3 => $"unreachable, code {message[1]}",
            8 => $"echo request {BinaryPrimitives.ReadUInt16BigEndian(message[6..])}",
            11 => $"time exceeded, code {message[1]}",
            _ => $"type {message[0]}, code {message[1]}",
        };
    }

    private static string Udp(Ipv4Address source, Ipv4Address destination, ReadOnlySpan<byte> datagram)
    {
        const int header = 8;
        if (datagram.Length < header)
        {
            return $"UDP {source} to {destination}, {Cut}";
        }

        return $"UDP {source}:{BinaryPrimitives.ReadUInt16BigEndian(datagram)} to "
            + $"{destination}:{BinaryPrimitives.ReadUInt16BigEndian(datagram[2..])}, "
            + $"{BinaryPrimitives.ReadUInt16BigEndian(datagram[4..]) - header} bytes";
    }

    private static string Tcp(Ipv4Address source, Ipv4Address destination, ReadOnlySpan<byte> segment, int length)
    {
        const int header = 20;
        const string flagNames = "FSRPAUEC"; // from the lowest bit (RFC 9293, section 3.1)
        if (segment.Length < header)
        {
            return $"TCP {source} to {destination}, {Cut}";
        }

        var flags = new StringBuilder();
        for (int bit = 0; bit < flagNames.Length; bit++)
        {
            if ((segment[13] >> bit & 1) != 0)
            {
                flags.Append(flagNames[bit]);
            }
        }

        return $"TCP {source}:{BinaryPrimitives.ReadUInt16BigEndian(segment)} to "
            + $"{destination}:{BinaryPrimitives.ReadUInt16BigEndian(segment[2..])} {flags}, "
            + $"sequence {BinaryPrimitives.ReadUInt32BigEndian(segment[4..])}, "
            + $"acknowledges {BinaryPrimitives.ReadUInt32BigEndian(segment[8..])}, "
            + $"window {BinaryPrimitives.ReadUInt16BigEndian(segment[14..])}, "
            + $"{length - (segment[12] >> 4) * 4} bytes";
    }
}
