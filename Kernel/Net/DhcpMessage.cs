using System;
using System.Buffers.Binary;
using System.Numerics;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>The kinds of DHCP messages (RFC 2132, section 9.6).</summary>
internal enum DhcpKind : byte
{
    None = 0,
    Discover = 1,
    Offer = 2,
    Request = 3,
    Decline = 4,
    Ack = 5,
    Nak = 6,
    Release = 7,
}

/// <summary>What one message of a server says.</summary>
internal struct DhcpReply
{
    internal DhcpKind Kind;
    internal uint Transaction;
    internal Ipv4Address Yours;
    internal Ipv4Address Server;
    internal bool HasMask;
    internal int PrefixLength;
    internal Ipv4Address Router;
    internal uint LeaseSeconds;
    internal uint RenewSeconds;
    internal uint RebindSeconds;
    internal int Mtu;
    internal int NameServerCount;
    internal Ipv4Address NameServer0;
    internal Ipv4Address NameServer1;
    internal Ipv4Address NameServer2;
}

/// <summary>What a message of ours says.</summary>
internal struct DhcpQuestion
{
    internal DhcpKind Kind;
    internal uint Transaction;
    internal ushort Seconds;
    internal MacAddress Station;

    /// <summary>Our address, where we may already speak from it.</summary>
    internal Ipv4Address Client;

    /// <summary>The address we would like; <see cref="Ipv4Address.Any"/>: not said.</summary>
    internal Ipv4Address Requested;

    /// <summary>The server we speak to; <see cref="Ipv4Address.Any"/>: not said.</summary>
    internal Ipv4Address Server;
}

/// <summary>The messages of DHCP (RFC 2131, section 2; options: RFC 2132).</summary>
internal static class DhcpMessage
{
    internal const ushort ServerPort = 67;
    internal const ushort ClientPort = 68;

    /// <summary>The longest message of ours; every server takes so much (RFC 2131, section 2).</summary>
    internal const int LengthMax = 548;

    internal const int HostNameMax = 63;

    // Relays drop what is shorter than a BOOTP message (RFC 1542, section 2.1).
    private const int LengthMin = 300;
    private const int OptionsStart = 240;
    private const int ServerNameStart = 44, ServerNameLength = 64;
    private const int FileStart = 108, FileLength = 128;
    private const uint Cookie = 0x6382_5363;
    private const byte Request = 1, Reply = 2, Ethernet = 1;

    private const byte OptionPad = 0, OptionMask = 1, OptionRouter = 3, OptionNameServer = 6, OptionHostName = 12;
    private const byte OptionMtu = 26, OptionRequested = 50, OptionLease = 51, OptionOverload = 52, OptionKind = 53;
    private const byte OptionServer = 54, OptionParameters = 55, OptionMaximum = 57, OptionRenew = 58;
    private const byte OptionRebind = 59, OptionClient = 61, OptionEnd = 255;

    /// <summary>Reads one message of a server to this station. Everything in it is a stranger's word.</summary>
    internal static bool TryDecode(ReadOnlySpan<byte> message, MacAddress station, out DhcpReply reply)
    {
        reply = default;
        if (message.Length < OptionsStart
            || message[0] != Reply
            || message[1] != Ethernet
            || message[2] != MacAddress.Length
            || BinaryPrimitives.ReadUInt32BigEndian(message[(OptionsStart - 4)..]) != Cookie
            || MacAddress.Read(message[28..]) != station)
        {
            return false;
        }

        reply.Transaction = BinaryPrimitives.ReadUInt32BigEndian(message[4..]);
        reply.Yours = Ipv4Address.Read(message[16..]);
        int overload = 0;
        if (!TryReadOptions(message[OptionsStart..], ref reply, ref overload))
        {
            return false;
        }

        // Options may go on in the fields for a file's and a server's name, which then hold no names (RFC 2132, 9.3).
        int none = 0;
        if ((overload & 1) != 0 && !TryReadOptions(message.Slice(FileStart, FileLength), ref reply, ref none))
        {
            return false;
        }

        return ((overload & 2) == 0
                || TryReadOptions(message.Slice(ServerNameStart, ServerNameLength), ref reply, ref none))
            && reply.Kind is DhcpKind.Offer or DhcpKind.Ack or DhcpKind.Nak;
    }

    /// <summary>Writes one message.</summary>
    /// <returns>Its length.</returns>
    internal static int Write(Span<byte> into, in DhcpQuestion question, string hostName)
    {
        into = into.Slice(0, LengthMax);
        into.Clear();
        into[0] = Request;
        into[1] = Ethernet;
        into[2] = MacAddress.Length;
        BinaryPrimitives.WriteUInt32BigEndian(into[4..], question.Transaction);
        BinaryPrimitives.WriteUInt16BigEndian(into[8..], question.Seconds);
        question.Client.Write(into[12..]);
        question.Station.Write(into[28..]);
        BinaryPrimitives.WriteUInt32BigEndian(into[(OptionsStart - 4)..], Cookie);

        var writer = new OptionWriter(into, OptionsStart);
        writer.Put(OptionKind, [(byte)question.Kind]);
        Span<byte> client = stackalloc byte[1 + MacAddress.Length];
        client[0] = Ethernet;
        question.Station.Write(client[1..]);
        writer.Put(OptionClient, client);
        writer.PutAddress(OptionRequested, question.Requested);
        writer.PutAddress(OptionServer, question.Server);
        if (question.Kind is DhcpKind.Discover or DhcpKind.Request)
        {
            writer.PutText(OptionHostName, hostName);
            writer.Put(
                OptionMaximum, [InterfaceConfiguration.EthernetMtu >> 8, InterfaceConfiguration.EthernetMtu & 0xFF]);
            writer.Put(
                OptionParameters,
                [OptionMask, OptionRouter, OptionNameServer, OptionMtu, OptionLease, OptionRenew, OptionRebind]);
        }

        return Math.Max(writer.End(), LengthMin);
    }

    private static bool TryReadOptions(ReadOnlySpan<byte> options, ref DhcpReply reply, ref int overload)
    {
        int at = 0;
        while (at < options.Length && options[at] != OptionEnd)
        {
            byte code = options[at++];
            if (code == OptionPad)
            {
                continue;
            }

            if (at >= options.Length || options[at] > options.Length - at - 1)
            {
                return false;
            }

            int length = options[at++];
            if (!TryReadOption(code, options.Slice(at, length), ref reply, ref overload))
            {
                return false;
            }

            at += length;
        }

        return true;
    }

    private static bool TryReadOption(byte code, ReadOnlySpan<byte> value, ref DhcpReply reply, ref int overload)
    {
        switch (code)
        {
            case OptionKind:
                reply.Kind = value.Length == 1 ? (DhcpKind)value[0] : DhcpKind.None;
                return value.Length == 1;
            case OptionMask:
                reply.HasMask = true;
                return TryReadMask(value, out reply.PrefixLength);
            case OptionRouter:
                reply.Router = value.Length >= 4 ? Ipv4Address.Read(value) : default;
                return value.Length >= 4 && value.Length % 4 == 0;
            case OptionServer:
                return TryReadAddress(value, out reply.Server);
            case OptionLease:
                return TryReadNumber(value, out reply.LeaseSeconds);
            case OptionRenew:
                return TryReadNumber(value, out reply.RenewSeconds);
            case OptionRebind:
                return TryReadNumber(value, out reply.RebindSeconds);
            case OptionMtu:
                reply.Mtu = value.Length == 2 ? BinaryPrimitives.ReadUInt16BigEndian(value) : 0;
                return value.Length == 2;
            case OptionOverload:
                overload = value.Length == 1 ? value[0] : 0;
                return value.Length == 1 && value[0] is >= 1 and <= 3;
            case OptionNameServer:
                return TryReadNameServers(value, ref reply);
            default:
                return true;
        }
    }

    private static bool TryReadMask(ReadOnlySpan<byte> value, out int prefixLength)
    {
        prefixLength = 0;
        if (value.Length != 4)
        {
            return false;
        }

        uint mask = BinaryPrimitives.ReadUInt32BigEndian(value);
        prefixLength = BitOperations.LeadingZeroCount(~mask);
        return prefixLength > 0 && (prefixLength == 32 || mask << prefixLength == 0);
    }

    private static bool TryReadAddress(ReadOnlySpan<byte> value, out Ipv4Address address)
    {
        address = value.Length == 4 ? Ipv4Address.Read(value) : default;
        return value.Length == 4;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> value, out uint number)
    {
        number = value.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(value) : 0;
        return value.Length == 4;
    }

    private static bool TryReadNameServers(ReadOnlySpan<byte> value, ref DhcpReply reply)
    {
        if (value.Length < 4 || value.Length % 4 != 0)
        {
            return false;
        }

        reply.NameServerCount = Math.Min(value.Length / 4, 3);
        reply.NameServer0 = Ipv4Address.Read(value);
        reply.NameServer1 = value.Length >= 8 ? Ipv4Address.Read(value[4..]) : default;
        reply.NameServer2 = value.Length >= 12 ? Ipv4Address.Read(value[8..]) : default;
        return true;
    }

    private ref struct OptionWriter(Span<byte> message, int at)
    {
        private readonly Span<byte> message = message;
        private int at = at;

        internal void Put(byte code, scoped ReadOnlySpan<byte> value)
        {
            message[at] = code;
            message[at + 1] = (byte)value.Length;
            value.CopyTo(message[(at + 2)..]);
            at += 2 + value.Length;
        }

        internal void PutAddress(byte code, Ipv4Address address)
        {
            if (address != Ipv4Address.Any)
            {
                Span<byte> value = stackalloc byte[Ipv4Address.Length];
                address.Write(value);
                Put(code, value);
            }
        }

        internal void PutText(byte code, string text)
        {
            if (text.Length is 0 or > HostNameMax)
            {
                return;
            }

            message[at++] = code;
            message[at++] = (byte)text.Length;
            foreach (char letter in text)
            {
                message[at++] = (byte)letter;
            }
        }

        internal int End()
        {
            message[at++] = OptionEnd;
            return at;
        }
    }
}
