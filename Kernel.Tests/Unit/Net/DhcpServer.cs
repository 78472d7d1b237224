using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Net;

namespace HaukiOS.Tests.Unit.Net;

/// <summary>One message of a client, taken apart without the code under test.</summary>
internal sealed class DhcpRequest
{
    internal required byte Kind { get; init; }
    internal required uint Transaction { get; init; }
    internal required Ipv4Address Client { get; init; }
    internal required Ipv4Address From { get; init; }
    internal required Ipv4Address To { get; init; }
    internal required MacAddress Station { get; init; }
    internal required MacAddress ToStation { get; init; }
    internal required Dictionary<byte, byte[]> Options { get; init; }

    internal Ipv4Address? Requested => AddressIn(50);

    internal Ipv4Address? Server => AddressIn(54);

    /// <summary>Null if the frame is no DHCP message of a client.</summary>
    internal static DhcpRequest? Read(byte[] frame)
    {
        if (frame.Length < 14 + 20 + 8 + 240 || frame[12] != 8 || frame[13] != 0 || frame[23] != 17
            || BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(36)) != 67)
        {
            return null;
        }

        byte[] dhcp = frame[42..];
        var options = new Dictionary<byte, byte[]>();
        for (int at = 240; dhcp[at] != 255; at += 2 + dhcp[at + 1])
        {
            options.Add(dhcp[at], dhcp[(at + 2)..(at + 2 + dhcp[at + 1])]);
        }

        return new DhcpRequest
        {
            Kind = options[53][0],
            Transaction = BinaryPrimitives.ReadUInt32BigEndian(dhcp.AsSpan(4)),
            Client = Ipv4Address.Read(dhcp.AsSpan(12)),
            From = Ipv4Address.Read(frame.AsSpan(26)),
            To = Ipv4Address.Read(frame.AsSpan(30)),
            Station = MacAddress.Read(dhcp.AsSpan(28)),
            ToStation = MacAddress.Read(frame),
            Options = options,
        };
    }

    private Ipv4Address? AddressIn(byte option) =>
        Options.TryGetValue(option, out byte[]? value) ? Ipv4Address.Read(value) : null;
}

/// <summary>A DHCP server as far as a client can see it.</summary>
internal sealed class DhcpServer
{
    internal const byte Discover = 1, Offer = 2, Request = 3, Decline = 4, Ack = 5, Nak = 6, Release = 7;

    internal static readonly MacAddress Station = new(0x0200_0000_0067);

    internal Ipv4Address Address { get; init; } = Ipv4Address.Of(10, 9, 0, 67);

    internal Ipv4Address Offered { get; set; } = Ipv4Address.Of(10, 9, 0, 100);

    internal uint LeaseSeconds { get; set; } = 3600;

    /// <summary>Options of every answer, before the fixed ones; code, length, value.</summary>
    internal byte[] Extra { get; set; } = [];

    internal bool Refuses { get; set; }

    internal List<DhcpRequest> Heard { get; } = [];

    /// <summary>The answer to a frame; null if it answers nothing.</summary>
    internal byte[]? Answer(byte[] frame)
    {
        if (DhcpRequest.Read(frame) is not { } request)
        {
            return null;
        }

        Heard.Add(request);
        return request.Kind switch
        {
            Discover => Reply(Offer, request.Transaction, Offered),
            Request when Refuses => Reply(Nak, request.Transaction, default),
            Request => Reply(
                Ack, request.Transaction, request.Client == default ? request.Requested!.Value : request.Client),
            _ => null,
        };
    }

    internal byte[] Reply(byte kind, uint transaction, Ipv4Address yours)
    {
        byte[] lease = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(lease, LeaseSeconds);
        byte[] options = [.. Extra, 53, 1, kind, 54, 4, .. Bytes(Address)];
        if (kind != Nak)
        {
            options = [.. options, 51, 4, .. lease, 1, 4, 255, 255, 255, 0, 3, 4, .. Bytes(StackLab.Gateway)];
        }

        return Wrap(Message(transaction, yours, [.. options, 255]), yours);
    }

    internal static byte[] Message(uint transaction, Ipv4Address yours, byte[] options)
    {
        byte[] dhcp = [2, 1, 6, 0, .. new byte[236 - 4], 0x63, 0x82, 0x53, 0x63, .. options];
        BinaryPrimitives.WriteUInt32BigEndian(dhcp.AsSpan(4), transaction);
        yours.Write(dhcp.AsSpan(16));
        StackLab.Own.Write(dhcp.AsSpan(28));
        return dhcp;
    }

    internal byte[] Wrap(byte[] dhcp, Ipv4Address to)
    {
        var from = new Endpoint(Address, 67);
        var target = new Endpoint(to == default ? Ipv4Address.Broadcast : to, 68);
        return Frames.Ethernet(
            to == default ? MacAddress.Broadcast : StackLab.Own,
            Station,
            0x0800,
            Frames.Ip(from.Address, target.Address, 17, Frames.Udp(from, target, dhcp)));
    }

    private static byte[] Bytes(Ipv4Address address)
    {
        byte[] bytes = new byte[4];
        address.Write(bytes);
        return bytes;
    }
}
