using System;
using System.Buffers.Binary;
using HaukiOS.Hardware;

namespace HaukiOS.Tests.Simulation.Net;

/// <summary>
/// Makes wrong frames of right ones. It knows where the fields lie, so that most of what it makes gets past the first
/// checks: checksums are made right again afterwards, most of the time.
/// </summary>
internal sealed class FrameMutator(Random random)
{
    private const int Ethernet = WireFrame.EthernetHeader;

    private static readonly uint[] Interesting =
        [0, 1, 2, 4, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF];

    /// <summary>Mutates a frame in place.</summary>
    /// <param name="frame">Room of <see cref="FrameForge.FrameMax"/> bytes with the frame at its beginning.</param>
    /// <param name="length">The frame's length.</param>
    /// <returns>The length afterwards.</returns>
    public int Mutate(Span<byte> frame, int length)
    {
        int rounds = 1 + (random.Next(4) == 0 ? random.Next(6) : 0);
        for (int i = 0; i < rounds; i++)
        {
            length = MutateOnce(frame, length);
        }

        if (length >= Ethernet + 20 && frame[12] == 8 && frame[13] == 0 && random.Next(8) != 0)
        {
            Span<byte> all = frame[..length];
            FrameForge.FixIpChecksum(all);
            if (random.Next(16) != 0)
            {
                FrameForge.FixTransportChecksum(all);
            }
        }

        return length;
    }

    private int MutateOnce(Span<byte> frame, int length)
    {
        Span<byte> used = frame[..length];
        bool isIp = length >= Ethernet + 20 && frame[12] == 8 && frame[13] == 0;
        switch (random.Next(isIp ? 12 : 5))
        {
            case 0:
                FlipBits(used);
                return length;
            case 1 when length > 0:
                return random.Next(length + 1);
            case 2:
                int more = random.Next(Math.Min(64, frame.Length - length) + 1);
                random.NextBytes(frame.Slice(length, more));
                return length + more;
            case 3:
                SetSomething(used);
                return length;
            case 4:
                used = used[Math.Min(Ethernet, length)..];
                random.NextBytes(used.Slice(used.Length == 0 ? 0 : random.Next(used.Length)));
                return length;
            case 5 or 6:
                MutateIp(used);
                return length;
            case 7:
                return InsertIpOptions(frame, length);
            case 8:
                MutateTransport(used, 20);
                return length;
            default:
                if (!isIp)
                {
                    return length;
                }

                if (frame[Ethernet + 9] == 6)
                {
                    MutateTcp(used);
                }
                else
                {
                    MutateTransport(used, 8);
                }

                return length;
        }
    }

    private void FlipBits(Span<byte> frame)
    {
        for (int i = 1 + random.Next(4); i > 0 && frame.Length > 0; i--)
        {
            frame[random.Next(frame.Length)] ^= (byte)(1 << random.Next(8));
        }
    }

    private void SetSomething(Span<byte> frame)
    {
        if (frame.Length < 4)
        {
            return;
        }

        int at = random.Next(Math.Min(frame.Length, 80) - 3);
        uint value = Interesting[random.Next(Interesting.Length)];
        switch (random.Next(3))
        {
            case 0:
                frame[at] = (byte)value;
                break;
            case 1:
                BinaryPrimitives.WriteUInt16BigEndian(frame[at..], (ushort)value);
                break;
            default:
                BinaryPrimitives.WriteUInt32BigEndian(frame[at..], value);
                break;
        }
    }

    private void MutateIp(Span<byte> frame)
    {
        Span<byte> ip = frame[Ethernet..];
        switch (random.Next(7))
        {
            case 0:
                ip[0] = (byte)random.Next(256);
                break;
            case 1:
                ip[0] = (byte)(0x40 | random.Next(16));
                break;
            case 2:
                int total = BinaryPrimitives.ReadUInt16BigEndian(ip[2..]);
                int lie = random.Next(2) == 0 ? total + random.Next(-24, 25) : random.Next(65536);
                BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)lie);
                break;
            case 3:
                int word = random.Next(3) == 0 ? random.Next(65536) : random.Next(4) << 13 | random.Next(200);
                BinaryPrimitives.WriteUInt16BigEndian(ip[6..], (ushort)word);
                break;
            case 4:
                ip[9] = random.Next(3) switch { 0 => 1, 1 => 17, _ => (byte)random.Next(256) };
                break;
            case 5:
                ip[8] = (byte)random.Next(3);
                break;
            default:
                int which = random.Next(2) == 0 ? 12 : 16;
                uint[] addresses = [0, 0xFFFF_FFFF, 0x7F00_0001, 0xE000_0001, 0x0A00_00FF, 0x0A00_0000];
                BinaryPrimitives.WriteUInt32BigEndian(ip[which..], addresses[random.Next(addresses.Length)]);
                break;
        }
    }

    private int InsertIpOptions(Span<byte> frame, int length)
    {
        int header = (frame[Ethernet] & 15) * 4;
        int words = random.Next(1, 11);
        int more = words * 4;
        if (header != 20 || length + more > frame.Length)
        {
            return length;
        }

        frame[(Ethernet + 20)..length].CopyTo(frame[(Ethernet + 20 + more)..]);
        Span<byte> options = frame.Slice(Ethernet + 20, more);
        byte[] kinds = [0, 1, 7, 68, 131, 137, 148, 0x94];
        random.NextBytes(options);
        options[0] = kinds[random.Next(kinds.Length)];
        options[1] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)more;
        frame[Ethernet] = (byte)(0x45 + words);
        int total = BinaryPrimitives.ReadUInt16BigEndian(frame[(Ethernet + 2)..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame[(Ethernet + 2)..], (ushort)(total + more));
        return length + more;
    }

    private void MutateTransport(Span<byte> frame, int header)
    {
        int start = Ethernet + ((frame[Ethernet] & 15) * 4);
        if (start + header <= frame.Length)
        {
            int at = start + random.Next(header);
            frame[at] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)Interesting[random.Next(7)];
        }
    }

    private void MutateTcp(Span<byte> frame)
    {
        int start = Ethernet + ((frame[Ethernet] & 15) * 4);
        if (start + 20 > frame.Length)
        {
            return;
        }

        Span<byte> tcp = frame[start..];
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
        uint value = BinaryPrimitives.ReadUInt32BigEndian(number);
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
        int header = (tcp[12] >> 4) * 4;
        if (header <= 20 || header > tcp.Length)
        {
            // Takes the first data bytes for options.
            tcp[12] = (byte)(random.Next(6, 16) << 4);
            header = (tcp[12] >> 4) * 4;
        }

        Span<byte> options = tcp[20..Math.Min(header, tcp.Length)];
        byte[] kinds = [0, 1, 2, 3, 4, 5, 5, 8, 8, 19, 30, 34, 254];
        byte[] lengths = [0, 1, 2, 3, 4, 10, 10, 18, 26, 34, 255];
        for (int at = 0; at + 1 < options.Length && random.Next(8) != 0; at += random.Next(1, 12))
        {
            options[at] = kinds[random.Next(kinds.Length)];
            options[at + 1] = lengths[random.Next(lengths.Length)];
        }
    }
}
