using System;
using System.Buffers.Binary;
using System.Text;
using HaukiOS.Lock;

namespace HaukiOS.Migration;

/// <summary>
/// The target's answer to an offer. Little endian:
/// <code>
/// 0    4  "HKMA"
/// 4    2  format, 2
/// 6    2  length of the sentence that refuses; 0 accepts
/// 8       the sentence, UTF-8; or, accepting:
/// 8   56  the target (see <see cref="MoveSide"/>)
/// 64   8  session
/// 72  16  identity of the hand-over
/// 88  32  the target's share of the keys
/// 120 32  SHA-256 of the token that lets the source go
/// 152 32  SHA-256 of the token that lets it go on
/// </code>
/// </summary>
public readonly ref struct MoveAnswer
{
    /// <summary>Bytes of an accepting answer.</summary>
    public const int AcceptLength = 184;

    /// <summary>Bytes of a sentence, at most.</summary>
    public const int RefusalMax = 200;

    /// <summary>Every answer looks as long as this.</summary>
    public const int PaddedLength = 8 + RefusalMax;

    /// <summary>Bytes of the identity of a hand-over.</summary>
    public const int HandoverIdLength = 16;

    /// <summary>Bytes of a SHA-256.</summary>
    public const int HashLength = 32;

    private const int BodyOffset = 8;
    private static readonly byte[] Magic = "HKMA"u8.ToArray();

    /// <summary>Why the target refuses; null if it accepts.</summary>
    public string? Refusal { get; init; }

    /// <summary>The machine that answers.</summary>
    public MoveSide Target { get; init; }

    /// <summary>The session of the link.</summary>
    public ulong Session { get; init; }

    /// <summary>The identity of the hand-over.</summary>
    public ReadOnlySpan<byte> HandoverId { get; init; }

    /// <summary>The target's share of the keys.</summary>
    public ReadOnlySpan<byte> Share { get; init; }

    /// <summary>SHA-256 of the token that lets the source go.</summary>
    public ReadOnlySpan<byte> RunHash { get; init; }

    /// <summary>SHA-256 of the token that lets the source go on.</summary>
    public ReadOnlySpan<byte> AbortHash { get; init; }

    /// <summary>Writes the message.</summary>
    /// <param name="into">At least <see cref="PaddedLength"/> bytes, which are secret from now on.</param>
    /// <returns>Its length.</returns>
    public int Encode(Span<byte> into)
    {
        Magic.CopyTo(into);
        BinaryPrimitives.WriteUInt16LittleEndian(into[4..], MoveOffer.Format);
        if (Refusal is not null)
        {
            int length = WriteSentence(Refusal, into[BodyOffset..]);
            BinaryPrimitives.WriteUInt16LittleEndian(into[6..], (ushort)length);
            return BodyOffset + length;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(into[6..], 0);
        Target.Write(into[BodyOffset..]);
        BinaryPrimitives.WriteUInt64LittleEndian(into[64..], Session);
        HandoverId[..HandoverIdLength].CopyTo(into[72..]);
        Share[..MoveOffer.ShareLength].CopyTo(into[88..]);
        RunHash[..HashLength].CopyTo(into[120..]);
        AbortHash[..HashLength].CopyTo(into[152..]);
        return AcceptLength;
    }

    /// <summary>
    /// Reads a message. Accepts exactly what <see cref="Encode"/> makes, and nothing else; only a refusal is read in
    /// whatever format, since a difference of formats is what it may be about.
    /// </summary>
    /// <param name="message">The whole message; the answer refers to it.</param>
    /// <param name="answer">The answer, if it is one.</param>
    public static bool TryDecode(ReadOnlySpan<byte> message, out MoveAnswer answer)
    {
        answer = default;
        if (message.Length < BodyOffset || !message[..4].SequenceEqual(Magic))
        {
            return false;
        }

        int format = BinaryPrimitives.ReadUInt16LittleEndian(message[4..]);
        int sentence = BinaryPrimitives.ReadUInt16LittleEndian(message[6..]);
        if (sentence is > 0 and <= RefusalMax
            && message.Length == BodyOffset + sentence
            && Utf8Text.TryRead(message[BodyOffset..], out string text))
        {
            answer = new MoveAnswer { Refusal = text };
            return true;
        }

        if (format != MoveOffer.Format)
        {
            string problem = $"the machine there moves by format {format}, and the node by format {MoveOffer.Format}";
            answer = new MoveAnswer { Refusal = problem };
            return true;
        }

        if (sentence > 0)
        {
            return false;
        }

        if (message.Length != AcceptLength || !MoveSide.TryRead(message[BodyOffset..], out MoveSide target))
        {
            return false;
        }

        answer = new MoveAnswer
        {
            Target = target,
            Session = BinaryPrimitives.ReadUInt64LittleEndian(message[64..]),
            HandoverId = message.Slice(72, HandoverIdLength),
            Share = message.Slice(88, MoveOffer.ShareLength),
            RunHash = message.Slice(120, HashLength),
            AbortHash = message.Slice(152, HashLength),
        };
        return answer.Session != 0 && !answer.RunHash.SequenceEqual(answer.AbortHash);
    }

    private static int WriteSentence(string sentence, Span<byte> into)
    {
        while (Encoding.UTF8.GetByteCount(sentence) > RefusalMax)
        {
            sentence = sentence.Substring(0, sentence.Length - 1);
        }

        return Encoding.UTF8.GetBytes(sentence, into);
    }
}
