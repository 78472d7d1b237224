using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using HaukiOS.Lock;

namespace HaukiOS.Swarm;

/// <summary>What a node says to somebody who answers its lock. The numbers are those on the wire.</summary>
public enum UnlockReplyKind : byte
{
    /// <summary>The questions, and how long the node takes no answers.</summary>
    Questions = 1,

    /// <summary>How far the derivation is.</summary>
    Progress = 2,

    /// <summary>The store is open now, by these answers.</summary>
    Unlocked = 3,

    /// <summary>The answers are wrong.</summary>
    Refused = 4,

    /// <summary>The answers were not looked at: there is a delay, or somebody else's are being looked at.</summary>
    Busy = 5,

    /// <summary>Somebody with precedence came: the attempt counts, but nobody knows whether it was right.</summary>
    Interrupted = 6,

    /// <summary>The store is open already.</summary>
    AlreadyUnlocked = 7,

    /// <summary>The node cannot do it; the text says why.</summary>
    Unavailable = 8,
}

/// <summary>
/// One message from the node. Little endian; all of it is there in every kind, but for what belongs to one alone:
/// <code>
/// 0   1  kind
/// 1   2  progress in thousandths
/// 3   4  seconds until the next attempt
/// 7   4  wrong attempts at the console before this success
/// 11  4  wrong attempts over the network before this success
/// 15  1  number of questions
/// 16  2  length of the text
/// 18     text, UTF-8; questions: id (2), length (2), UTF-8
/// </code>
/// </summary>
public sealed class UnlockReply
{
    /// <summary>Bytes of a text, at most.</summary>
    public const int TextMax = 200;

    private const int HeaderLength = 18;
    private const int CountMax = 1_000_000_000;

    /// <summary>What is said.</summary>
    public UnlockReplyKind Kind { get; init; }

    /// <summary>How far the derivation is, in thousandths.</summary>
    public int Thousandths { get; init; }

    /// <summary>Until an attempt is taken; 0: at once, or as soon as the present one is over.</summary>
    public int Seconds { get; init; }

    /// <summary>Wrong attempts at the console before this success.</summary>
    public int FailedAtConsole { get; init; }

    /// <summary>Wrong attempts over the network before this success.</summary>
    public int FailedOverNetwork { get; init; }

    /// <summary>Why it is unavailable.</summary>
    public string Text { get; init; } = string.Empty;

    /// <summary>The questions, ascending by their ids; none but in <see cref="UnlockReplyKind.Questions"/>.</summary>
    public IReadOnlyList<Question> Questions { get; init; } = [];

    /// <summary>Writes the message.</summary>
    /// <param name="into">At least <see cref="UnlockProtocol.MessageMax"/> bytes.</param>
    /// <returns>Its length.</returns>
    public int Encode(Span<byte> into)
    {
        into[0] = (byte)Kind;
        BinaryPrimitives.WriteUInt16LittleEndian(into[1..], (ushort)Thousandths);
        BinaryPrimitives.WriteInt32LittleEndian(into[3..], Seconds);
        BinaryPrimitives.WriteInt32LittleEndian(into[7..], Math.Min(FailedAtConsole, CountMax));
        BinaryPrimitives.WriteInt32LittleEndian(into[11..], Math.Min(FailedOverNetwork, CountMax));
        into[15] = (byte)Questions.Count;
        string text = Text;
        while (Encoding.UTF8.GetByteCount(text) > TextMax)
        {
            text = text.Substring(0, text.Length - 1);
        }

        int at = HeaderLength + Encoding.UTF8.GetBytes(text, into[HeaderLength..]);
        BinaryPrimitives.WriteUInt16LittleEndian(into[16..], (ushort)(at - HeaderLength));
        for (int i = 0; i < Questions.Count; i++)
        {
            Question question = Questions[i];
            int length = Encoding.UTF8.GetBytes(question.Text, into[(at + 4)..]);
            BinaryPrimitives.WriteUInt16LittleEndian(into[at..], (ushort)question.Id);
            BinaryPrimitives.WriteUInt16LittleEndian(into[(at + 2)..], (ushort)length);
            at += 4 + length;
        }

        return at;
    }

    /// <summary>Reads a message. Accepts exactly what <see cref="Encode"/> makes, and nothing else.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> message, out UnlockReply? reply)
    {
        reply = null;
        if (message.Length is < HeaderLength or > UnlockProtocol.MessageMax)
        {
            return false;
        }

        var kind = (UnlockReplyKind)message[0];
        int thousandths = BinaryPrimitives.ReadUInt16LittleEndian(message[1..]);
        int seconds = BinaryPrimitives.ReadInt32LittleEndian(message[3..]);
        int console = BinaryPrimitives.ReadInt32LittleEndian(message[7..]);
        int network = BinaryPrimitives.ReadInt32LittleEndian(message[11..]);
        int textLength = BinaryPrimitives.ReadUInt16LittleEndian(message[16..]);
        ReadOnlySpan<byte> rest = message[HeaderLength..];
        if (kind is < UnlockReplyKind.Questions or > UnlockReplyKind.Unavailable
            || thousandths > 1000
            || seconds is < 0 or > CountMax
            || console is < 0 or > CountMax
            || network is < 0 or > CountMax
            || textLength > Math.Min(TextMax, rest.Length)
            || !Utf8Text.TryRead(rest[..textLength], out string text)
            || !TryReadQuestions(rest[textLength..], message[15], kind, out List<Question> questions))
        {
            return false;
        }

        reply = new UnlockReply
        {
            Kind = kind,
            Thousandths = thousandths,
            Seconds = seconds,
            FailedAtConsole = console,
            FailedOverNetwork = network,
            Text = text,
            Questions = questions,
        };
        return true;
    }

    private static bool TryReadQuestions(
        ReadOnlySpan<byte> bytes, int count, UnlockReplyKind kind, out List<Question> questions)
    {
        questions = [];
        bool fits = kind == UnlockReplyKind.Questions
            ? count is >= LockRecord.QuestionsMin and <= LockRecord.QuestionsMax
            : count == 0;
        for (int lastId = -1; fits && count > 0; count--)
        {
            int length = bytes.Length < 4 ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
            if (length is < 1 or > LockRecord.QuestionBytesMax || length > bytes.Length - 4)
            {
                return false;
            }

            int id = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
            fits = id > lastId && Utf8Text.TryRead(bytes.Slice(4, length), out string text) && Add(questions, id, text);
            lastId = id;
            bytes = bytes[(4 + length)..];
        }

        return fits && bytes.IsEmpty;
    }

    private static bool Add(List<Question> questions, int id, string text)
    {
        questions.Add(new Question(id, text));
        return true;
    }
}
