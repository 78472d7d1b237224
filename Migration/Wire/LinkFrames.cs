using System;
using System.Buffers.Binary;
using HaukiOS.Hardware;
using HaukiOS.Net;

namespace HaukiOS.Migration;

/// <summary>What a frame of a move is.</summary>
public enum LinkFrameKind : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>A packet of records.</summary>
    Data = 1,

    /// <summary>What has arrived, and what may be sent.</summary>
    Acknowledgement = 2,

    /// <summary>A token of the hand-over, in the clear. It is no part of the link.</summary>
    Token = 3,

    /// <summary>The question for a token, in the clear. It is no part of the link.</summary>
    Question = 4,

    /// <summary>The question who has a station address, in the clear. It is no part of the link.</summary>
    StationQuestion = 5,

    /// <summary>The answer: the sender has it.</summary>
    StationAnswer = 6,
}

/// <summary>
/// The frames of a move (<c>docs/teleport-wire.md</c>), as far as they can be read without keys: so a node that has
/// just landed, or a machine that was started anew, can answer for a session whose link it does not have. Such answers
/// and the questions for them go to everybody on the wire, since a station address moves along with its node.
/// </summary>
public static class LinkFrames
{
    /// <summary>Bytes of a token.</summary>
    public const int TokenLength = 32;

    /// <summary>The length of a frame with a token, before padding.</summary>
    public const int TokenFrameLength = ContentStart + TokenLength;

    /// <summary>The length of a frame with a question, before padding.</summary>
    public const int QuestionFrameLength = ContentStart;

    internal const ushort Type = EtherType.Experimental;

    // Offsets in the frame. All numbers behind the Ethernet header are little endian.
    internal const int TypeAt = 2 * MacAddress.Length;
    internal const int KindAt = EtherType.HeaderLength;
    internal const int FlagsAt = KindAt + 1;
    internal const int LengthAt = KindAt + 2;
    internal const int SessionAt = KindAt + 4;
    internal const int NumberAt = KindAt + 12;
    internal const int SequenceAt = KindAt + 16;
    internal const int ContentStart = KindAt + HeaderLength;

    /// <summary>Bytes between the Ethernet header and the content.</summary>
    internal const int HeaderLength = 20;

    /// <summary>The sender wants an acknowledgement at once.</summary>
    internal const byte AnswerNow = 1;

    /// <summary>What the frame is, and of which session.</summary>
    /// <returns>False if it is no frame of a move.</returns>
    public static bool TryRead(ReadOnlySpan<byte> frame, out LinkFrameKind kind, out ulong session)
    {
        kind = LinkFrameKind.None;
        session = 0;
        if (frame.Length < ContentStart || BinaryPrimitives.ReadUInt16BigEndian(frame.Slice(TypeAt)) != Type)
        {
            return false;
        }

        kind = (LinkFrameKind)frame[KindAt];
        session = BinaryPrimitives.ReadUInt64LittleEndian(frame.Slice(SessionAt));
        return kind is >= LinkFrameKind.Data and <= LinkFrameKind.Question;
    }

    /// <summary>Who sent the frame. Nobody vouches for it.</summary>
    public static MacAddress SenderOf(ReadOnlySpan<byte> frame) => MacAddress.Read(frame.Slice(MacAddress.Length));

    /// <summary>Reads a frame with a token. Whether it is the right one, the caller knows.</summary>
    /// <param name="frame">A received frame.</param>
    /// <param name="session">Whose token it is.</param>
    /// <param name="token">The token, in the frame.</param>
    /// <returns>False if it is something else.</returns>
    public static bool TryReadToken(ReadOnlySpan<byte> frame, out ulong session, out ReadOnlySpan<byte> token)
    {
        token = default;
        if (!TryRead(frame, out LinkFrameKind kind, out session) || kind != LinkFrameKind.Token
            || BinaryPrimitives.ReadUInt16LittleEndian(frame.Slice(LengthAt)) != TokenLength
            || frame.Length < TokenFrameLength)
        {
            return false;
        }

        token = frame.Slice(ContentStart, TokenLength);
        return true;
    }

    /// <summary>Writes a frame with a token.</summary>
    /// <returns>Its length.</returns>
    public static int WriteToken(
        Span<byte> into, MacAddress to, MacAddress from, ulong session, ReadOnlySpan<byte> token)
    {
        WriteHeader(into, to, from, LinkFrameKind.Token, session);
        BinaryPrimitives.WriteUInt16LittleEndian(into.Slice(LengthAt), TokenLength);
        token.Slice(0, TokenLength).CopyTo(into.Slice(ContentStart));
        return TokenFrameLength;
    }

    /// <summary>Writes a frame that asks for a session's token.</summary>
    /// <returns>Its length.</returns>
    public static int WriteQuestion(Span<byte> into, MacAddress to, MacAddress from, ulong session)
    {
        WriteHeader(into, to, from, LinkFrameKind.Question, session);
        return QuestionFrameLength;
    }

    /// <summary>Reads a frame about who has a station address (<see cref="StationClaim"/>).</summary>
    /// <param name="frame">A received frame.</param>
    /// <param name="isQuestion">Is it the question, and not the answer?</param>
    /// <param name="station">The address.</param>
    /// <param name="address">In an answer, the IP address that is used with it, if any.</param>
    /// <returns>False if it is something else.</returns>
    public static bool TryReadStation(
        ReadOnlySpan<byte> frame, out bool isQuestion, out MacAddress station, out Ipv4Address address)
    {
        isQuestion = false;
        station = default;
        address = default;
        if (frame.Length < ContentStart || BinaryPrimitives.ReadUInt16BigEndian(frame.Slice(TypeAt)) != Type)
        {
            return false;
        }

        var kind = (LinkFrameKind)frame[KindAt];
        isQuestion = kind == LinkFrameKind.StationQuestion;
        station = new MacAddress(BinaryPrimitives.ReadUInt64LittleEndian(frame.Slice(SessionAt)));
        address = new Ipv4Address(BinaryPrimitives.ReadUInt32LittleEndian(frame.Slice(NumberAt)));
        return (isQuestion || kind == LinkFrameKind.StationAnswer) && station.IsStation;
    }

    /// <summary>Writes a frame to everybody about who has a station address.</summary>
    /// <returns>Its length.</returns>
    public static int WriteStation(
        Span<byte> into, MacAddress from, bool isQuestion, MacAddress station, Ipv4Address address)
    {
        LinkFrameKind kind = isQuestion ? LinkFrameKind.StationQuestion : LinkFrameKind.StationAnswer;
        WriteHeader(into, MacAddress.Broadcast, from, kind, station.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(into.Slice(NumberAt), address.Value);
        return ContentStart;
    }

    /// <summary>Writes the Ethernet header.</summary>
    internal static void WriteEthernet(Span<byte> into, MacAddress to, MacAddress from)
    {
        to.Write(into);
        from.Write(into.Slice(MacAddress.Length));
        BinaryPrimitives.WriteUInt16BigEndian(into.Slice(TypeAt), Type);
    }

    private static void WriteHeader(
        Span<byte> into, MacAddress to, MacAddress from, LinkFrameKind kind, ulong session)
    {
        into.Slice(0, ContentStart).Clear();
        WriteEthernet(into, to, from);
        into[KindAt] = (byte)kind;
        BinaryPrimitives.WriteUInt64LittleEndian(into.Slice(SessionAt), session);
    }
}
