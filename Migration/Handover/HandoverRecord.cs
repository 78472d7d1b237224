using System;
using System.Buffers.Binary;
using HaukiOS.Hardware;

namespace HaukiOS.Migration;

/// <summary>
/// What a disk says about who may run the node whose store it holds, and what its machine still may be asked about.
/// Format 1, little endian:
/// <code>
/// 0    4  "HKHO"
/// 4    2  format, 1
/// 6    1  state (<see cref="HandoverState"/>)
/// 7    1  number of earlier answers, at most 8
/// 8    8  zero
/// 16 248  terms of the hand-over that the state is of (<see cref="HandoverTerms"/>); zero if the state is none
/// 264     earlier answers, 48 bytes each, the oldest first: session, token, 1 if it was the source's, 7 bytes zero
/// </code>
/// A machine that never kept its answer to an earlier hand-over would leave its peer in doubt for ever, so the last
/// eight are kept. All memory is allocated when the record is made.
/// </summary>
public sealed class HandoverRecord
{
    /// <summary>Earlier answers that are kept. Nine moves later nobody asks any more.</summary>
    public const int AnswersMax = 8;

    /// <summary>The most bytes of a record.</summary>
    public const int LengthMax = HeaderLength + (AnswersMax * AnswerLength);

    private const int AnswerLength = 48;
    private const int TokenOffset = 8;
    private const int SideOffset = TokenOffset + HandoverTokens.Length;
    private const int TermsOffset = 16;
    private const int HeaderLength = TermsOffset + HandoverTerms.Length;
    private const ushort Format = 1;
    private readonly byte[] answers = new byte[AnswersMax * AnswerLength];
    private int answerCount;

    /// <summary>Who may run the node.</summary>
    public HandoverState State { get; private set; }

    /// <summary>The hand-over that the state is of.</summary>
    public HandoverTerms Terms { get; } = new();

    /// <summary>The token with which frames of the session of <see cref="Terms"/> are answered, or empty.</summary>
    public ReadOnlySpan<byte> Answer => State switch
    {
        HandoverState.Owner or HandoverState.Settled or HandoverState.Moved or HandoverState.Returned =>
            Terms.FirstToken,
        HandoverState.Aborted or HandoverState.Reclaimed => Terms.SecondToken,
        _ => default,
    };

    /// <summary>Finds the token with which frames of a session are answered.</summary>
    /// <param name="session">The session on the wire.</param>
    /// <param name="isToken">
    /// Is the frame a token? Then only a source answers, and only a target answers anything else: so two machines
    /// never answer each other without end.
    /// </param>
    /// <param name="token">The answer.</param>
    /// <returns>False: nothing is known of that session, or not yet.</returns>
    public bool TryAnswer(ulong session, bool isToken, out ReadOnlySpan<byte> token)
    {
        token = default;
        if (session == 0)
        {
            return false;
        }

        if (session == Terms.Session && isToken == State.IsOfSource())
        {
            token = Answer;
        }

        for (int i = answerCount - 1; i >= 0 && token.IsEmpty; i--)
        {
            ReadOnlySpan<byte> one = answers.AsSpan(i * AnswerLength, AnswerLength);
            if (BinaryPrimitives.ReadUInt64LittleEndian(one) == session && isToken == (one[SideOffset] != 0))
            {
                token = one.Slice(TokenOffset, HandoverTokens.Length);
            }
        }

        return !token.IsEmpty;
    }

    /// <summary>
    /// Goes into another state, of the same hand-over or of a new one; then the answer to the one before is kept. The
    /// token that must not be shown any more is wiped.
    /// </summary>
    public void Enter(HandoverState state, HandoverTerms terms)
    {
        if (!Terms.IsSameAs(terms))
        {
            KeepAnswer();
        }

        Terms.CopyFrom(terms.Bytes);
        State = state;
        if (state is HandoverState.Owner or HandoverState.Settled or HandoverState.Superseded)
        {
            Terms.WipeSecondToken();
        }
        else if (state == HandoverState.Aborted)
        {
            Terms.WipeFirstToken();
        }
    }

    /// <summary>
    /// There is a new store on this disk, or there will be: the node that was here before has no say in that. What its
    /// peers may still ask is kept, and so is the station address that went with that node.
    /// </summary>
    public void BecomeNone()
    {
        KeepAnswer();
        MacAddress station = State.IsHere() && State != HandoverState.None ? default : Terms.Station;
        Terms.Wipe();
        Terms.SetStation(station);
        State = HandoverState.None;
    }

    /// <summary>
    /// The station address that this machine has to use: a node keeps its own wherever it is, so the machine on whose
    /// card it stands must not use it while the node is elsewhere.
    /// </summary>
    /// <param name="card">The address in the card.</param>
    /// <returns>The address; default: one that is made up.</returns>
    public MacAddress StationFor(MacAddress card)
    {
        bool isNoted = Terms.Station.IsStation;
        return isNoted && State.IsHere() && State != HandoverState.None
            ? Terms.Station
            : isNoted && Terms.Station == card ? default : card;
    }

    /// <summary>The station address of the node that has left this machine, or may have; default if none has.</summary>
    public MacAddress StationGone =>
        State is HandoverState.None or HandoverState.Leaving or HandoverState.Moved ? Terms.Station : default;

    /// <summary>Keeps what another record answers as well, as far as there is room; the latest first.</summary>
    public void KeepAnswersOf(HandoverRecord other)
    {
        Span<byte> latest = stackalloc byte[AnswerLength];
        if (answerCount < AnswersMax && other.TryPackAnswer(latest))
        {
            AddAnswer(latest);
        }

        for (int i = other.answerCount - 1; i >= 0 && answerCount < AnswersMax; i--)
        {
            AddAnswer(other.answers.AsSpan(i * AnswerLength, AnswerLength));
        }
    }

    /// <summary>Becomes equal to another record.</summary>
    public void CopyFrom(HandoverRecord other)
    {
        State = other.State;
        Terms.CopyFrom(other.Terms.Bytes);
        other.answers.CopyTo(answers);
        answerCount = other.answerCount;
    }

    /// <summary>Writes the record.</summary>
    /// <param name="into">At least <see cref="LengthMax"/> bytes.</param>
    /// <returns>Its length.</returns>
    public int Encode(Span<byte> into)
    {
        into[..HeaderLength].Clear();
        "HKHO"u8.CopyTo(into);
        BinaryPrimitives.WriteUInt16LittleEndian(into[4..], Format);
        into[6] = (byte)State;
        into[7] = (byte)answerCount;
        Terms.Bytes.CopyTo(into[TermsOffset..]);
        answers.AsSpan(0, answerCount * AnswerLength).CopyTo(into[HeaderLength..]);
        return HeaderLength + (answerCount * AnswerLength);
    }

    /// <summary>Reads a record. Accepts exactly what <see cref="Encode"/> makes, and nothing else.</summary>
    /// <param name="bytes">The whole record.</param>
    /// <param name="reason">Why it is none, for people; null if it is one.</param>
    public bool TryDecode(ReadOnlySpan<byte> bytes, out string? reason)
    {
        reason = "the hand-over record is none";
        if (bytes.Length < HeaderLength || !bytes[..4].SequenceEqual("HKHO"u8))
        {
            return false;
        }

        int format = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        if (format > Format)
        {
            reason = $"the hand-over record has format {format}; this HaukiOS knows {Format}: a newer one wrote it";
            return false;
        }

        int count = bytes[7];
        bool hasSession = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(TermsOffset + 16)..]) != 0;
        reason = "the hand-over record contradicts itself";
        if (format != Format
            || bytes[6] > (byte)HandoverStates.Last
            || count > AnswersMax
            || bytes.Length != HeaderLength + (count * AnswerLength)
            || bytes[8..TermsOffset].ContainsAnyExcept((byte)0)
            || hasSession != (bytes[6] != (byte)HandoverState.None))
        {
            return false;
        }

        State = (HandoverState)bytes[6];
        Terms.CopyFrom(bytes[TermsOffset..]);
        bytes[HeaderLength..].CopyTo(answers);
        answerCount = count;
        reason = null;
        return true;
    }

    private void KeepAnswer()
    {
        Span<byte> answer = stackalloc byte[AnswerLength];
        if (!TryPackAnswer(answer))
        {
            return;
        }

        if (answerCount == AnswersMax)
        {
            answers.AsSpan(AnswerLength).CopyTo(answers);
            answerCount--;
        }

        AddAnswer(answer);
    }

    private void AddAnswer(ReadOnlySpan<byte> answer)
    {
        answer.CopyTo(answers.AsSpan(answerCount * AnswerLength));
        answerCount++;
    }

    // What the present hand-over is answered with, as it is kept among the earlier answers.
    private bool TryPackAnswer(Span<byte> into)
    {
        // A move that was cut off is off once there is another one: its source may still ask.
        ReadOnlySpan<byte> token = State == HandoverState.Receiving ? Terms.SecondToken : Answer;
        into.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(into, Terms.Session);
        token.CopyTo(into[TokenOffset..]);
        into[SideOffset] = State.IsOfSource() ? (byte)1 : (byte)0;
        return !token.IsEmpty;
    }
}
