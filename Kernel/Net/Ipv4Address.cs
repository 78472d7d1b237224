using System;
using System.Buffers.Binary;

namespace HaukiOS.Net;

/// <summary>An IPv4 address; the first number of the dotted form in the highest byte (RFC 791, section 3.1).</summary>
public readonly record struct Ipv4Address(uint Value)
{
    /// <summary>Bytes of an address on the wire.</summary>
    public const int Length = 4;

    /// <summary>0.0.0.0: none, or this host before it has an address.</summary>
    public static readonly Ipv4Address Any = new(0);

    /// <summary>255.255.255.255: everybody on this wire.</summary>
    public static readonly Ipv4Address Broadcast = new(0xFFFF_FFFF);

    /// <summary>127.0.0.1 and all of 127/8: this host (RFC 1122, section 3.2.1.3).</summary>
    public bool IsLoopback => Value >> 24 == 127;

    /// <summary>224/4 (RFC 1112).</summary>
    public bool IsMulticast => Value >> 28 == 0xE;

    /// <summary>
    /// Can it be one host on a wire: not of 0/8, 127/8, 224/4 or 240/4 (RFC 1122, section 3.2.1.3; RFC 1112)?
    /// </summary>
    public bool IsHost => Value >> 24 is not (0 or 127) && Value < 0xE000_0000;

    /// <summary>The address of the four numbers.</summary>
    public static Ipv4Address Of(byte a, byte b, byte c, byte d) =>
        new(((uint)a << 24) | ((uint)b << 16) | ((uint)c << 8) | d);

    /// <summary>Reads the first four bytes.</summary>
    public static Ipv4Address Read(ReadOnlySpan<byte> from) => new(BinaryPrimitives.ReadUInt32BigEndian(from));

    /// <summary>Writes four bytes.</summary>
    public void Write(Span<byte> into) => BinaryPrimitives.WriteUInt32BigEndian(into, Value);

    /// <summary>Reads the dotted form: exactly four decimal numbers from 0 to 255 without leading zeros.</summary>
    public static bool TryParse(string text, out Ipv4Address address)
    {
        address = default;
        uint value = 0;
        int position = 0;
        for (int part = 0; part < Length; part++)
        {
            if (part > 0 && (position >= text.Length || text[position++] != '.'))
            {
                return false;
            }

            int start = position;
            uint number = 0;
            while (position < text.Length && char.IsAsciiDigit(text[position]) && position - start < 3)
            {
                number = (number * 10) + (uint)(text[position++] - '0');
            }

            int digits = position - start;
            if (digits == 0 || number > 255 || (digits > 1 && text[start] == '0'))
            {
                return false;
            }

            value = (value << 8) | number;
        }

        address = new Ipv4Address(value);
        return position == text.Length;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Value >> 24}.{(Value >> 16) & 0xFF}.{(Value >> 8) & 0xFF}.{Value & 0xFF}";
}

/// <summary>An address and a port: one end of a conversation.</summary>
public readonly record struct Endpoint(Ipv4Address Address, ushort Port)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Address}:{Port}";
}
