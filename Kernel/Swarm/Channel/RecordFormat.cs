using System;
using System.Buffers.Binary;

namespace HaukiOS.Swarm;

/// <summary>What a record is for.</summary>
internal enum RecordType : byte
{
    /// <summary>Carries a message.</summary>
    Data = 0,

    /// <summary>The sender sends nothing after this.</summary>
    Close = 1,
}

/// <summary>
/// The inside of a record: type (1), length of the message (2, big endian), message, zeros up to the length that the
/// sender wants to show.
/// </summary>
internal static class RecordFormat
{
    /// <summary>Bytes before the message.</summary>
    public const int InnerHeader = 3;

    /// <summary>Bytes that a record has more than its message, without framing and padding.</summary>
    public const int Overhead = InnerHeader + CipherState.TagLength;

    /// <summary>Lays out the inside of a record.</summary>
    /// <returns>Its length.</returns>
    public static int Compose(RecordType type, ReadOnlySpan<byte> message, int paddedLength, Span<byte> into)
    {
        int length = InnerHeader + Math.Max(message.Length, paddedLength);
        message.CopyTo(into.Slice(InnerHeader));
        into[0] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(into.Slice(1), (ushort)message.Length);
        into.Slice(InnerHeader + message.Length, length - InnerHeader - message.Length).Clear();
        return length;
    }

    /// <summary>Reads the inside of an authentic record.</summary>
    /// <returns>False if it is not exactly one.</returns>
    public static bool TryParse(ReadOnlySpan<byte> inner, out RecordType type, out int messageLength)
    {
        type = default;
        messageLength = 0;
        if (inner.Length < InnerHeader || inner[0] > (byte)RecordType.Close)
        {
            return false;
        }

        type = (RecordType)inner[0];
        messageLength = BinaryPrimitives.ReadUInt16BigEndian(inner.Slice(1));
        return messageLength <= inner.Length - InnerHeader
            && (type == RecordType.Data || messageLength == 0)
            && inner.Slice(InnerHeader + messageLength).IndexOfAnyExcept((byte)0) < 0;
    }
}
