using System;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace HaukiOS.Swarm;

/// <summary>What became of a datagram.</summary>
public enum DatagramOutcome
{
    /// <summary>It carries a message.</summary>
    Message,

    /// <summary>The other side says that it is done. Others may still be under way.</summary>
    Close,

    /// <summary>It is too short or too long to be one.</summary>
    BadLength,

    /// <summary>It was received before, or is older than the window.</summary>
    Replayed,

    /// <summary>Its counter lies further ahead than a key can be: more was lost than a channel survives.</summary>
    OutOfReach,

    /// <summary>It does not authenticate.</summary>
    NotAuthentic,

    /// <summary>It authenticates, but makes no sense.</summary>
    BadContent,
}

/// <summary>
/// Both directions of a channel over datagrams, which may be lost, doubled and reordered on the way. A datagram is its
/// counter (8 bytes, little endian) and the ciphertext under it (Noise, revision 34, section 11.4). Each counter is
/// accepted once. Every <see cref="DatagramsPerKey"/> counters the next key applies; both sides see it by the counter.
/// </summary>
public sealed class DatagramRecords : IDisposable
{
    /// <summary>Bytes that a datagram has more than its message.</summary>
    public const int Overhead = CounterLength + RecordFormat.Overhead;

    /// <summary>The longest message: what a UDP datagram over IPv4 has room for.</summary>
    public const int MessageMax = 65507 - Overhead;

    /// <summary>Counters under one key. If more than that many in a row are lost, the channel is dead.</summary>
    public const int DatagramsPerKey = 1 << KeyBits;

    private const int KeyBits = 16;
    private const int CounterLength = 8;

    private readonly CipherState sender;
    private readonly ReplayWindow window = new();

    // The keys of the present span of counters, of the one before and of the one after, in turn.
    private readonly CipherState[] receivers;
    private ulong epoch;

    /// <summary>Takes over the two states that a handshake ended in.</summary>
    public DatagramRecords(CipherState send, CipherState receive)
    {
        sender = send;
        receivers = [receive, new CipherState(), new CipherState()];
        receive.Derive(receivers[1]);

        // There is nothing before the beginning.
        receivers[2].Dispose();
    }

    /// <summary>Seals a message.</summary>
    /// <param name="message">At most <see cref="MessageMax"/> bytes.</param>
    /// <param name="into">Room for the message and <see cref="Overhead"/>.</param>
    /// <param name="paddedLength">Hides the length of a shorter message behind this one.</param>
    /// <returns>Bytes written; 0 if the counters are used up.</returns>
    public int Seal(ReadOnlySpan<byte> message, Span<byte> into, int paddedLength = 0) =>
        Seal(RecordType.Data, message, into, paddedLength);

    /// <summary>Seals the end.</summary>
    /// <returns>Bytes written; 0 if the counters are used up.</returns>
    public int SealClose(Span<byte> into) => Seal(RecordType.Close, default, into, 0);

    /// <summary>Opens a datagram.</summary>
    /// <param name="datagram">Anything that came.</param>
    /// <param name="into">Room for the datagram without <see cref="Overhead"/>, and 3 bytes.</param>
    /// <param name="length">The length of the message.</param>
    public DatagramOutcome Open(ReadOnlySpan<byte> datagram, Span<byte> into, out int length)
    {
        length = 0;
        if (datagram.Length is < Overhead or > MessageMax + Overhead)
        {
            return DatagramOutcome.BadLength;
        }

        ulong counter = BinaryPrimitives.ReadUInt64LittleEndian(datagram);
        if (!window.IsNew(counter))
        {
            return DatagramOutcome.Replayed;
        }

        ulong its = counter >> KeyBits;
        if (its > epoch + 1 || its + 1 < epoch || counter == ulong.MaxValue)
        {
            return DatagramOutcome.OutOfReach;
        }

        CipherState cipher = receivers[(int)(its % 3)];
        cipher.SetNonce(counter);
        if (!cipher.TryDecrypt(default, datagram.Slice(CounterLength), into, out int inner))
        {
            return DatagramOutcome.NotAuthentic;
        }

        window.Accept(counter);
        if (its > epoch)
        {
            NextEpoch();
        }

        if (!RecordFormat.TryParse(into.Slice(0, inner), out RecordType type, out length))
        {
            CryptographicOperations.ZeroMemory(into.Slice(0, inner));
            length = 0;
            return DatagramOutcome.BadContent;
        }

        into.Slice(RecordFormat.InnerHeader, length).CopyTo(into);
        CryptographicOperations.ZeroMemory(into.Slice(length, inner - length));
        return type == RecordType.Close ? DatagramOutcome.Close : DatagramOutcome.Message;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        sender.Dispose();
        foreach (CipherState receiver in receivers)
        {
            receiver.Dispose();
        }
    }

    private int Seal(RecordType type, ReadOnlySpan<byte> message, Span<byte> into, int paddedLength)
    {
        if (Math.Max(message.Length, paddedLength) > MessageMax)
        {
            throw new ArgumentException($"a datagram has no room for {message.Length} bytes", nameof(message));
        }

        ulong counter = sender.Nonce;
        Span<byte> text = into.Slice(CounterLength);
        int inner = RecordFormat.Compose(type, message, paddedLength, text);
        if (!sender.TryEncrypt(default, text.Slice(0, inner), text, out int length))
        {
            text.Slice(0, inner).Clear();
            return 0;
        }

        BinaryPrimitives.WriteUInt64LittleEndian(into, counter);
        if (sender.Nonce % DatagramsPerKey == 0)
        {
            sender.Rekey();
        }

        return CounterLength + length;
    }

    // What was the next key is the present one; the oldest is overwritten by the one after it.
    private void NextEpoch()
    {
        epoch++;
        receivers[(int)(epoch % 3)].Derive(receivers[(int)((epoch + 1) % 3)]);
    }
}
