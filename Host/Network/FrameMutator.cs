using System;
using System.Buffers.Binary;

namespace HaukiOS.Host.Network;

/// <summary>
/// Makes hostile frames from good ones: overwrites fields with values at the edges, turns bits, cuts and lengthens,
/// and then mends the checksums of most, so that what is wrong is found behind them and not by them. Everything
/// follows from the seed.
/// </summary>
public sealed class FrameMutator
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

    private readonly Random random;

    /// <summary>A mutator that makes the same frames for the same seed and the same good frames.</summary>
    public FrameMutator(int seed) => random = new Random(seed);

    /// <summary>Spoils a frame.</summary>
    /// <param name="frame">The good frame; <see cref="FrameMax"/> bytes of room.</param>
    /// <param name="length">Bytes of it.</param>
    /// <returns>Bytes of the spoilt one.</returns>
    public int Mutate(Span<byte> frame, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, FrameMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, EthernetHeader);
        var changes = 1 + random.Next(random.Next(4) == 0 ? 12 : 3);
        for (var i = 0; i < changes; i++)
        {
            length = Change(frame, length);
        }

        // One in eight keeps wrong checksums.
        if (random.Next(8) != 0)
        {
            MendChecksums(frame[..length], mendLength: random.Next(3) != 0);
        }

        return length;
    }

    /// <summary>Corrects the checksums of an IPv4 packet and of what is in it, as far as its fields allow.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="mendLength">Correct the packet's length, too.</param>
    public static void MendChecksums(Span<byte> frame, bool mendLength)
    {
        if (frame.Length < EthernetHeader + Ipv4HeaderMin || frame[12] != 8 || frame[13] != 0)
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

    private int Change(Span<byte> frame, int length)
    {
        // Most of it at the headers: that is where decisions are made.
        var at = random.Next(4) == 0 ? random.Next(length) : random.Next(Math.Min(length, 80));
        switch (random.Next(9))
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
                return Math.Max(EthernetHeader, random.Next(length + 1));
            case 6:
                var longer = Math.Min(FrameMax, length + 1 + random.Next(random.Next(3) == 0 ? FrameMax : 64));
                random.NextBytes(frame[length..longer]);
                return longer;
            case 7:
                var count = Math.Min(1 + random.Next(16), length - at);
                frame.Slice(random.Next(length - count + 1), count).CopyTo(frame[at..]);
                return length;
            default:
                Nudge(frame[..length], at);
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
}
