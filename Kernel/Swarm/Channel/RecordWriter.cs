using System;
using System.Buffers.Binary;

namespace HaukiOS.Swarm;

/// <summary>
/// One direction of a stream of records, where it begins: messages in, bytes out. A record is two bytes of length, big
/// endian, and so much ciphertext. The buffer is bounded; when it is full, messages have to wait.
/// </summary>
internal sealed class RecordWriter : IDisposable
{
    /// <summary>Bytes of the length before a record.</summary>
    public const int FrameHeader = 2;

    /// <summary>Bytes on the wire that a message costs more than its own.</summary>
    public const int WireOverhead = FrameHeader + RecordFormat.Overhead;

    private readonly CipherState cipher;
    private readonly int messageMax;
    private readonly byte[] buffer;
    private RekeySchedule schedule;
    private int head;
    private int tail;

    /// <summary>Takes over <paramref name="cipher"/>, and bytes that still have to go out before any record.</summary>
    public RecordWriter(CipherState cipher, int messageMax, ReadOnlySpan<byte> before)
    {
        this.cipher = cipher;
        this.messageMax = messageMax;

        // Two of the longest: one can be composed while the transport takes the other.
        buffer = new byte[before.Length + (2 * (messageMax + WireOverhead))];
        before.CopyTo(buffer);
        tail = before.Length;
    }

    /// <summary>Bytes for the transport.</summary>
    public ReadOnlySpan<byte> Output => buffer.AsSpan(head, tail - head);

    /// <summary>The longest message that fits now; negative if not even an empty one does.</summary>
    public int Room =>
        Math.Min(messageMax, buffer.Length - (tail - head) - WireOverhead - WireOverhead);

    /// <summary>Are the counters used up?</summary>
    public bool IsExhausted => cipher.IsExhausted;

    /// <summary>The transport has taken so many bytes.</summary>
    public void Consume(int count)
    {
        head += count;
        if (head >= tail)
        {
            head = tail = 0;
        }
    }

    /// <summary>Seals a message.</summary>
    /// <returns>False if there is no room now, or the counters are used up.</returns>
    public bool TryWrite(ReadOnlySpan<byte> message, int paddedLength) =>
        Math.Max(message.Length, paddedLength) <= Room && TrySeal(RecordType.Data, message, paddedLength);

    /// <summary>Seals the end. There is always room for one.</summary>
    public bool TryClose() => TrySeal(RecordType.Close, default, 0);

    /// <inheritdoc/>
    public void Dispose() => cipher.Dispose();

    private bool TrySeal(RecordType type, ReadOnlySpan<byte> message, int paddedLength)
    {
        int needed = Math.Max(message.Length, paddedLength) + WireOverhead;
        if (buffer.Length - tail < needed)
        {
            Output.CopyTo(buffer);
            tail -= head;
            head = 0;
        }

        Span<byte> inner = buffer.AsSpan(tail + FrameHeader, needed - FrameHeader);
        int length = RecordFormat.Compose(type, message, paddedLength, inner);
        if (!cipher.TryEncrypt(default, inner.Slice(0, length), inner, out int sealedLength))
        {
            inner.Clear();
            return false;
        }

        BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(tail), (ushort)sealedLength);
        tail += FrameHeader + sealedLength;
        schedule.Count(cipher, sealedLength);
        return true;
    }
}
