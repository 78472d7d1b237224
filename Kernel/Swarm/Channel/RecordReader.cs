using System;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace HaukiOS.Swarm;

/// <summary>
/// One direction of a stream of records, where it ends: bytes in, messages out. Holds one record; while its message
/// waits to be taken, no more bytes are accepted, and the transport holds them back.
/// </summary>
internal sealed class RecordReader : IDisposable
{
    private readonly CipherState cipher;
    private readonly byte[] buffer;
    private RekeySchedule schedule;
    private int filled;
    private int messageLength = -1;

    /// <summary>Takes over <paramref name="cipher"/>.</summary>
    public RecordReader(CipherState cipher, int messageMax)
    {
        this.cipher = cipher;
        buffer = new byte[messageMax + RecordWriter.WireOverhead];
    }

    /// <summary>Does a message wait?</summary>
    public bool HasMessage => messageLength >= 0;

    /// <summary>The message that waits, until it is consumed.</summary>
    public ReadOnlySpan<byte> Message =>
        HasMessage ? buffer.AsSpan(RecordWriter.FrameHeader + RecordFormat.InnerHeader, messageLength) : default;

    /// <summary>Has the other side said that nothing comes after this?</summary>
    public bool IsClosed { get; private set; }

    /// <summary>What is wrong with the bytes, for good.</summary>
    public ChannelError Error { get; private set; }

    /// <summary>Takes bytes up to the end of the present record.</summary>
    /// <returns>How many were taken.</returns>
    public int Feed(ReadOnlySpan<byte> bytes)
    {
        int taken = 0;
        while (taken < bytes.Length && !HasMessage && Error == ChannelError.None)
        {
            if (IsClosed)
            {
                Error = ChannelError.AfterClose;
                break;
            }

            int wanted = filled < RecordWriter.FrameHeader ? RecordWriter.FrameHeader : RecordLength;
            int count = Math.Min(wanted - filled, bytes.Length - taken);
            bytes.Slice(taken, count).CopyTo(buffer.AsSpan(filled));
            filled += count;
            taken += count;
            if (filled == RecordWriter.FrameHeader)
            {
                CheckLength();
            }
            else if (filled > RecordWriter.FrameHeader && filled == RecordLength)
            {
                Open();
            }
        }

        return taken;
    }

    /// <summary>The message has been used: it is wiped, and the next one can come.</summary>
    public void Consume()
    {
        if (HasMessage)
        {
            CryptographicOperations.ZeroMemory(buffer.AsSpan(0, filled));
            filled = 0;
            messageLength = -1;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        cipher.Dispose();
        CryptographicOperations.ZeroMemory(buffer);
        filled = 0;
        messageLength = -1;
    }

    // The frame's whole length, once its header is there.
    private int RecordLength => RecordWriter.FrameHeader + BinaryPrimitives.ReadUInt16BigEndian(buffer);

    private void CheckLength()
    {
        if (RecordLength > buffer.Length || RecordLength < RecordWriter.WireOverhead)
        {
            Error = ChannelError.BadLength;
        }
    }

    private void Open()
    {
        Span<byte> record = buffer.AsSpan(RecordWriter.FrameHeader, filled - RecordWriter.FrameHeader);
        if (cipher.IsExhausted)
        {
            Error = ChannelError.Exhausted;
            return;
        }

        if (!cipher.TryDecrypt(default, record, record, out int length))
        {
            Error = ChannelError.BadRecord;
            return;
        }

        schedule.Count(cipher, record.Length);
        if (!RecordFormat.TryParse(record.Slice(0, length), out RecordType type, out int inner))
        {
            Error = ChannelError.BadContent;
        }
        else if (type == RecordType.Close)
        {
            IsClosed = true;
            filled = 0;
        }
        else
        {
            messageLength = inner;
        }
    }
}
