using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Net;

namespace HaukiOS.Tests.Unit.Net;

/// <summary>One stack on a bench: time is turned by hand, and every frame it sends is kept.</summary>
internal sealed class StackLab
{
    internal static readonly MacAddress Own = new(0x0200_0000_0001);
    internal static readonly MacAddress Peer = new(0x0200_0000_0002);
    internal static readonly MacAddress Router = new(0x0200_0000_00FE);
    internal static readonly Ipv4Address OwnAddress = Ipv4Address.Of(10, 9, 0, 2);
    internal static readonly Ipv4Address PeerAddress = Ipv4Address.Of(10, 9, 0, 50);
    internal static readonly Ipv4Address Gateway = Ipv4Address.Of(10, 9, 0, 1);
    internal static readonly InterfaceConfiguration Configuration = new(OwnAddress, 24, Gateway);

    private readonly byte[] room = new byte[INetworkDevice.FrameMax];

    internal StackLab(bool configured = true, byte seed = 1, MacAddress? station = null)
    {
        byte[] secret = new byte[NetworkStack.SecretLength];
        Array.Fill(secret, seed);
        Stack = new NetworkStack(station ?? Own, secret);
        if (configured)
        {
            Stack.Configure(Configuration, Now, probe: false);

            // Until both announcements are said.
            Pass(5_000);
        }
    }

    internal NetworkStack Stack { get; }

    internal Instant Now { get; private set; } = new(1_000_000_000);

    internal long this[NetCounter counter] => Stack.Counters[counter];

    /// <summary>
    /// Lets time pass, doing what is due when it is due; frames sent meanwhile come with their moment.
    /// </summary>
    internal List<(Instant At, byte[] Frame)> Pass(long milliseconds)
    {
        var sent = new List<(Instant, byte[])>();
        Instant end = Now.AddMilliseconds(milliseconds);
        Collect(sent);
        while (Stack.TryGetNextDue(out Instant due) && due <= end)
        {
            Now = due > Now ? due : Now;
            Stack.Advance(Now);
            Collect(sent);
        }

        Now = end;
        return sent;
    }

    /// <summary>All that it has to send at this moment.</summary>
    internal List<byte[]> Drain()
    {
        var frames = new List<byte[]>();
        for (int length = Stack.Transmit(room, Now); length > 0; length = Stack.Transmit(room, Now))
        {
            frames.Add(room.AsSpan(0, length).ToArray());
        }

        return frames;
    }

    internal List<byte[]> Give(byte[] frame)
    {
        Stack.OnFrame(frame, Now);
        return Drain();
    }

    /// <summary>Makes the peer known, as if it had answered.</summary>
    internal void Introduce(Ipv4Address address, MacAddress station) => Introduce(OwnAddress, address, station);

    /// <summary>The same where our address is another one.</summary>
    internal void Introduce(Ipv4Address own, Ipv4Address address, MacAddress station) =>
        Give(Frames.Arp(true, station, address, default, own));

    private void Collect(List<(Instant At, byte[] Frame)> sent)
    {
        foreach (byte[] frame in Drain())
        {
            sent.Add((Now, frame));
        }
    }
}

/// <summary>Frames made by hand, independently of the code under test.</summary>
internal static class Frames
{
    internal static byte[] Ethernet(MacAddress to, MacAddress from, ushort type, byte[] payload)
    {
        byte[] frame = new byte[14 + payload.Length];
        to.Write(frame);
        from.Write(frame.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), type);
        payload.CopyTo(frame, 14);
        return frame;
    }

    internal static byte[] Arp(
        bool request, MacAddress fromStation, Ipv4Address from, MacAddress toStation, Ipv4Address to)
    {
        byte[] arp = [0, 1, 8, 0, 6, 4, 0, (byte)(request ? 1 : 2), .. new byte[20]];
        fromStation.Write(arp.AsSpan(8));
        from.Write(arp.AsSpan(14));
        toStation.Write(arp.AsSpan(18));
        to.Write(arp.AsSpan(24));
        return Ethernet(request ? MacAddress.Broadcast : toStation, fromStation, 0x0806, arp);
    }

    internal static byte[] Ip(
        Ipv4Address from, Ipv4Address to, byte protocol, byte[] payload, ushort id = 7, int fragment = 0,
        byte[]? options = null)
    {
        int header = 20 + (options?.Length ?? 0);
        byte[] ip = new byte[header + payload.Length];
        ip[0] = (byte)(0x40 | (header / 4));
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(2), (ushort)ip.Length);
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(4), id);
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(6), (ushort)fragment);
        ip[8] = 64;
        ip[9] = protocol;
        from.Write(ip.AsSpan(12));
        to.Write(ip.AsSpan(16));
        options?.CopyTo(ip, 20);
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(10), Checksum(ip.AsSpan(0, header)));
        payload.CopyTo(ip, header);
        return ip;
    }

    internal static byte[] ToUs(byte[] ip) => Ethernet(StackLab.Own, StackLab.Peer, 0x0800, ip);

    internal static byte[] Icmp(byte type, byte code, uint rest, byte[] payload)
    {
        byte[] icmp = new byte[8 + payload.Length];
        icmp[0] = type;
        icmp[1] = code;
        BinaryPrimitives.WriteUInt32BigEndian(icmp.AsSpan(4), rest);
        payload.CopyTo(icmp, 8);
        BinaryPrimitives.WriteUInt16BigEndian(icmp.AsSpan(2), Checksum(icmp));
        return icmp;
    }

    internal static byte[] Udp(Endpoint from, Endpoint to, byte[] payload)
    {
        byte[] pseudo = new byte[12 + 8 + payload.Length];
        from.Address.Write(pseudo);
        to.Address.Write(pseudo.AsSpan(4));
        pseudo[9] = 17;
        BinaryPrimitives.WriteUInt16BigEndian(pseudo.AsSpan(10), (ushort)(8 + payload.Length));
        BinaryPrimitives.WriteUInt16BigEndian(pseudo.AsSpan(12), from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(pseudo.AsSpan(14), to.Port);
        BinaryPrimitives.WriteUInt16BigEndian(pseudo.AsSpan(16), (ushort)(8 + payload.Length));
        payload.CopyTo(pseudo, 20);
        ushort sum = Checksum(pseudo);
        BinaryPrimitives.WriteUInt16BigEndian(pseudo.AsSpan(18), sum == 0 ? (ushort)0xFFFF : sum);
        return pseudo[12..];
    }

    /// <summary>The checksum word by word in network order: slow, and as RFC 1071 words it.</summary>
    internal static ushort Checksum(ReadOnlySpan<byte> data)
    {
        uint sum = 0;
        for (int i = 0; i < data.Length; i++)
        {
            sum += (i & 1) == 0 ? (uint)data[i] << 8 : data[i];
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)~sum;
    }

    internal static byte[] Pattern(int length, int start = 0)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)((i + start) * 31);
        }

        return bytes;
    }
}
