using System;
using System.Buffers.Binary;

namespace HaukiOS.Host.Network;

/// <summary>
/// Makes hostile frames from good ones. Blindly: overwrites fields with values at the edges, turns bits, cuts and
/// lengthens; and with its eyes open, for it knows where the fields of IPv4 and TCP lie. Then it mends the checksums of
/// most, so that what is wrong is found behind them and not by them.
/// </summary>
/// <param name="random">What everything follows from.</param>
public sealed class FrameMutator(Random random)
{
    /// <summary>The longest frame it makes.</summary>
    public const int FrameMax = 1514;

    private const int EthernetHeader = 14;
    private const int Ipv4HeaderMin = 20;
    private const int ChecksumAt = 10;
    private const byte Icmp = 1;
    private const byte Tcp = 6;
    private const byte Udp = 17;

    private static readonly uint[] Edges =
    [
        0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 19, 20, 21, 31, 32, 40, 59, 60, 63, 64, 127, 128, 255, 256, 511, 512, 536, 576,
        1023, 1024, 1460, 1472, 1480, 1499, 1500, 1501, 1514, 1515, 2047, 2048, 4095, 4096, 8191, 8192, 0x1FFF, 0x2000,
        0x3FFF, 0x4000, 0x7FFE, 0x7FFF, 0x8000, 0x8001, 0xFFF0, 0xFFFE, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
    ];

    /// <summary>The shortest frame it makes. No card passes on less than an Ethernet header.</summary>
    public int LengthMin { get; init; } = EthernetHeader;

    /// <summary>Spoils a frame in place.</summary>
    /// <param name="frame">The good frame; <see cref="FrameMax"/> bytes of room.</param>
    /// <param name="length">Bytes of it.</param>
    /// <returns>Bytes of the spoilt one.</returns>
    public int Mutate(Span<byte> frame, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, FrameMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, LengthMin);
        var changes = 1 + random.Next(random.Next(4) == 0 ? 12 : 3);
        for (var i = 0; i < changes; i++)
        {
            length = Change(frame, length);
        }

        // One in eight keeps wrong checksums, and many a wrong length.
        if (random.Next(8) != 0)
        {
            MendChecksums(frame[..length], mendLength: random.Next(2) == 0);
        }

        return length;
    }

    /// <summary>Corrects the checksums of an IPv4 packet and of what is in it, as far as its fields allow.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="mendLength">Correct the packet's length, too.</param>
    public static void MendChecksums(Span<byte> frame, bool mendLength)
    {
        if (!IsIpv4(frame))
        {
            return;
        }

        var packet = frame[EthernetHeader..];
        var header = (packet[0] & 15) * 4;
        if (header < Ipv4HeaderMin || header > packet.Length)
        {
            return;
        }

        if (mendLength)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        }

        var total = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(packet[2..]), packet.Length);
        Put(packet[..header], ChecksumAt, 0);
        if (total <= header)
        {
            return;
        }

        var payload = packet[header..total];
        var (at, pseudo) = packet[9] switch
        {
            Icmp => (2, 0u),
            Tcp => (16, Sum(packet.Slice(12, 8)) + Tcp + (uint)payload.Length),
            Udp => (6, Sum(packet.Slice(12, 8)) + Udp + (uint)payload.Length),
            _ => (int.MaxValue, 0u),
        };
        if (at <= payload.Length - 2)
        {
            Put(payload, at, pseudo);
        }
    }

    private static void Put(Span<byte> bytes, int at, uint initial)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes[at..], 0);
        var sum = initial + Sum(bytes);
        while (sum > 0xFFFF)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        BinaryPrimitives.WriteUInt16BigEndian(bytes[at..], (ushort)~sum);
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            sum += (uint)bytes[i] << (i % 2 == 0 ? 8 : 0);
        }

        return sum;
    }

    private static bool IsIpv4(ReadOnlySpan<byte> frame) =>
        frame.Length >= EthernetHeader + Ipv4HeaderMin && frame[12] == 8 && frame[13] == 0;

    private int Change(Span<byte> frame, int length)
    {
        // Most of it at the headers: that is where decisions are made.
        var at = random.Next(4) == 0 ? random.Next(length) : random.Next(Math.Min(length, 80));
        switch (random.Next(IsIpv4(frame[..length]) ? 16 : 9))
        {
            case 0:
                frame[at] ^= (byte)(1 << random.Next(8));
                return length;
            case 1:
                frame[at] = (byte)random.Next(256);
                return length;
            case 2 or 3:
                Overwrite(frame[..length], at, Edges[random.Next(Edges.Length)]);
                return length;
            case 4:
                random.NextBytes(frame[at..Math.Min(length, at + 1 + random.Next(24))]);
                return length;
            case 5:
                return Math.Max(LengthMin, random.Next(length + 1));
            case 6:
                var longer = Math.Min(FrameMax, length + 1 + random.Next(random.Next(3) == 0 ? FrameMax : 64));
                random.NextBytes(frame[length..longer]);
                return longer;
            case 7:
                var count = Math.Min(1 + random.Next(16), length - at);
                frame.Slice(random.Next(length - count + 1), count).CopyTo(frame[at..]);
                return length;
            case 8:
                Nudge(frame[..length], at);
                return length;
            case 9:
                return InsertIpOptions(frame, length);
            case 10 or 11:
                MutateIp(frame[..length]);
                return length;
            default:
                MutateTransport(frame[..length]);
                return length;
        }
    }

    private void Overwrite(Span<byte> frame, int at, uint value)
    {
        at &= ~1;
        if (at + 4 <= frame.Length && random.Next(2) == 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(frame[at..], value);
        }
        else if (at + 2 <= frame.Length)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame[at..], (ushort)value);
        }
    }

    // A little more or less: numbers just outside of a window, lengths one too long.
    private void Nudge(Span<byte> frame, int at)
    {
        at &= ~1;
        if (at + 2 <= frame.Length)
        {
            var value = BinaryPrimitives.ReadUInt16BigEndian(frame[at..]);
            BinaryPrimitives.WriteUInt16BigEndian(frame[at..], (ushort)(value + random.Next(-4, 5)));
        }
    }

    private void MutateIp(Span<byte> frame)
    {
        var ip = frame[EthernetHeader..];
        switch (random.Next(7))
        {
            case 0:
                ip[0] = (byte)random.Next(256);
                break;
            case 1:
                ip[0] = (byte)(0x40 | random.Next(16));
                break;
            case 2:
                var total = BinaryPrimitives.ReadUInt16BigEndian(ip[2..]);
                var lie = random.Next(2) == 0 ? total + random.Next(-24, 25) : random.Next(65536);
                BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)lie);
                break;
            case 3:
                var word = random.Next(3) == 0 ? random.Next(65536) : random.Next(4) << 13 | random.Next(200);
                BinaryPrimitives.WriteUInt16BigEndian(ip[6..], (ushort)word);
                break;
            case 4:
                ip[9] = random.Next(3) switch { 0 => 1, 1 => 17, _ => (byte)random.Next(256) };
                break;
            case 5:
                ip[8] = (byte)random.Next(3);
                break;
            default:
                var which = random.Next(2) == 0 ? 12 : 16;
                uint[] addresses = [0, 0xFFFF_FFFF, 0x7F00_0001, 0xE000_0001, 0x0A00_00FF, 0x0A00_0000];
                BinaryPrimitives.WriteUInt32BigEndian(ip[which..], addresses[random.Next(addresses.Length)]);
                break;
        }
    }

    private int InsertIpOptions(Span<byte> frame, int length)
    {
        var header = (frame[EthernetHeader] & 15) * 4;
        var words = random.Next(1, 11);
        var more = words * 4;
        if (header != Ipv4HeaderMin || length + more > FrameMax)
        {
            return length;
        }

        frame[(EthernetHeader + 20)..length].CopyTo(frame[(EthernetHeader + 20 + more)..]);
        var options = frame.Slice(EthernetHeader + 20, more);
        byte[] kinds = [0, 1, 7, 68, 131, 137, 148, 0x94];
        random.NextBytes(options);
        options[0] = kinds[random.Next(kinds.Length)];
        options[1] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)more;
        frame[EthernetHeader] = (byte)(0x45 + words);
        var total = BinaryPrimitives.ReadUInt16BigEndian(frame[(EthernetHeader + 2)..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame[(EthernetHeader + 2)..], (ushort)(total + more));
        return length + more;
    }

    private void MutateTransport(Span<byte> frame)
    {
        var start = EthernetHeader + ((frame[EthernetHeader] & 15) * 4);
        if (frame[EthernetHeader + 9] == Tcp && random.Next(4) != 0)
        {
            MutateTcp(frame);
        }
        else if (start + 8 <= frame.Length)
        {
            frame[start + random.Next(8)] = (byte)random.Next(256);
        }
    }

    private void MutateTcp(Span<byte> frame)
    {
        var start = EthernetHeader + ((frame[EthernetHeader] & 15) * 4);
        if (start + 20 > frame.Length)
        {
            return;
        }

        var tcp = frame[start..];
        switch (random.Next(8))
        {
            case 0:
                tcp[13] = (byte)random.Next(64);
                break;
            case 1:
                int[] flags = [0x02, 0x12, 0x10, 0x04, 0x14, 0x11, 0x18, 0x01, 0x00, 0x3F];
                tcp[13] = (byte)flags[random.Next(flags.Length)];
                break;
            case 2:
                Shift(tcp[4..]);
                break;
            case 3:
                Shift(tcp[8..]);
                break;
            case 4:
                ushort window = random.Next(3) switch { 0 => 0, 1 => 0xFFFF, _ => (ushort)random.Next(65536) };
                BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], window);
                break;
            case 5:
                tcp[12] = (byte)random.Next(256);
                break;
            case 6:
                BinaryPrimitives.WriteUInt16BigEndian(tcp[18..], (ushort)random.Next(65536));
                tcp[13] |= 0x20;
                break;
            default:
                MutateTcpOptions(tcp);
                break;
        }
    }

    private void Shift(Span<byte> number)
    {
        var value = BinaryPrimitives.ReadUInt32BigEndian(number);
        value += random.Next(4) switch
        {
            0 => (uint)random.Next(-2, 3),
            1 => (uint)random.Next(-3000, 3000),
            2 => (uint)random.Next(-300_000, 300_000),
            _ => (uint)random.NextInt64(1L << 32),
        };
        BinaryPrimitives.WriteUInt32BigEndian(number, value);
    }

    private void MutateTcpOptions(Span<byte> tcp)
    {
        var header = (tcp[12] >> 4) * 4;
        if (header <= 20 || header > tcp.Length)
        {
            // Takes the first data bytes for options.
            tcp[12] = (byte)(random.Next(6, 16) << 4);
            header = (tcp[12] >> 4) * 4;
        }

        var options = tcp[20..Math.Min(header, tcp.Length)];
        byte[] kinds = [0, 1, 2, 3, 4, 5, 5, 8, 8, 19, 30, 34, 254];
        byte[] lengths = [0, 1, 2, 3, 4, 10, 10, 18, 26, 34, 255];
        for (int at = 0; at + 1 < options.Length && random.Next(8) != 0; at += random.Next(1, 12))
        {
            options[at] = kinds[random.Next(kinds.Length)];
            options[at + 1] = lengths[random.Next(lengths.Length)];
        }
    }
}
