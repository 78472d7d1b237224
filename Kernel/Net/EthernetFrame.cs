using System;
using System.Buffers.Binary;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>The fourteen bytes before every payload (IEEE 802.3, clause 3.2).</summary>
internal static class EthernetFrame
{
    /// <summary>Writes destination, source and type.</summary>
    internal static void WriteHeader(Span<byte> frame, MacAddress to, MacAddress from, ushort type)
    {
        to.Write(frame);
        from.Write(frame[MacAddress.Length..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame[(2 * MacAddress.Length)..], type);
    }

    /// <summary>The type of a frame with a whole header.</summary>
    internal static ushort TypeOf(ReadOnlySpan<byte> frame) =>
        BinaryPrimitives.ReadUInt16BigEndian(frame[(2 * MacAddress.Length)..]);
}
