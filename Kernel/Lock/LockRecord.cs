using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace HaukiOS.Lock;

/// <summary>A question of the lock.</summary>
/// <param name="Id">Unique within the record; answers are combined in the order of these.</param>
/// <param name="Text">As the person is asked.</param>
public readonly record struct Question(int Id, string Text);

/// <summary>
/// What lies on the disk in clear for the lock: questions, costs, salts, and the volume key wrapped twice. Format 1,
/// little endian:
/// <code>
/// 0    4  "HKLK"
/// 4    2  format, 1
/// 6    2  rule of answer normalisation
/// 8    4  length of the whole record
/// 12   4  number of questions
/// 16   4  Argon2id memory in KiB
/// 20   4  Argon2id passes
/// 24   4  Argon2id lanes
/// 28   4  zero
/// 32  32  salt of the answers' key
/// 64  32  salt of the recovery key
/// 96      questions: id (2), length (2), UTF-8
///     72  volume key under the answers
///     72  volume key under the recovery key
/// </code>
/// Everything before the two wrapped keys is authenticated by each of them. The scheme as a whole, and what it is good
/// against, is told in docs/lock.md.
/// </summary>
public sealed class LockRecord
{
    /// <summary>Bytes of a record, at most; the store keeps this much room for it.</summary>
    public const int LengthMax = 16 * 1024;

    /// <summary>Fewer questions are refused: guessing one person's three facts is hard enough, two is not.</summary>
    public const int QuestionsMin = 3;

    /// <summary>The most questions.</summary>
    public const int QuestionsMax = 16;

    /// <summary>Bytes of a question, at most.</summary>
    public const int QuestionBytesMax = 512;

    /// <summary>Bytes of each salt.</summary>
    public const int SaltLength = 32;

    private const int HeaderLength = 96;
    private const int Format = 1;
    private const int AnswerSaltAt = 32;
    private const int RecoverySaltAt = 64;

    /// <summary>A record whose keys are still to be wrapped.</summary>
    public LockRecord(Argon2Cost cost, byte[] answerSalt, byte[] recoverySalt, List<Question> questions)
    {
        Cost = cost;
        AnswerSalt = answerSalt;
        RecoverySalt = recoverySalt;
        Questions = questions;
    }

    /// <summary>What deriving the answers' key costs.</summary>
    public Argon2Cost Cost { get; }

    /// <summary>Salt of the answers' key.</summary>
    public byte[] AnswerSalt { get; }

    /// <summary>Salt of the recovery key.</summary>
    public byte[] RecoverySalt { get; }

    /// <summary>The questions, in ascending order of their ids.</summary>
    public List<Question> Questions { get; }

    /// <summary>The volume key under the answers.</summary>
    public byte[] UnderAnswers { get; set; } = [];

    /// <summary>The volume key under the recovery key.</summary>
    public byte[] UnderRecovery { get; set; } = [];

    /// <summary>What the wrapped keys authenticate: the record without them.</summary>
    public byte[] Context()
    {
        int length = HeaderLength;
        foreach (Question question in Questions)
        {
            length += 4 + Encoding.UTF8.GetByteCount(question.Text);
        }

        byte[] bytes = new byte[length];
        "HKLK"u8.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), Format);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(6), AnswerNormaliser.RuleVersion);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), length + (2 * KeyWrap.WrappedLength));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), Questions.Count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), Cost.MemoryKib);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), Cost.Passes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), Cost.Lanes);
        AnswerSalt.CopyTo(bytes.AsSpan(AnswerSaltAt));
        RecoverySalt.CopyTo(bytes.AsSpan(RecoverySaltAt));
        int at = HeaderLength;
        foreach (Question question in Questions)
        {
            int count = Encoding.UTF8.GetBytes(question.Text, bytes.AsSpan(at + 4));
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), (ushort)question.Id);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at + 2), (ushort)count);
            at += 4 + count;
        }

        return bytes;
    }

    /// <summary>The bytes for the disk.</summary>
    public byte[] Encode()
    {
        byte[] context = Context();
        byte[] bytes = new byte[context.Length + (2 * KeyWrap.WrappedLength)];
        context.CopyTo(bytes.AsSpan());
        UnderAnswers.CopyTo(bytes.AsSpan(context.Length));
        UnderRecovery.CopyTo(bytes.AsSpan(context.Length + KeyWrap.WrappedLength));
        return bytes;
    }

    /// <summary>Reads a record. Accepts exactly what <see cref="Encode"/> makes, and nothing else.</summary>
    /// <param name="bytes">The whole record.</param>
    /// <param name="record">The record, if it is one.</param>
    /// <param name="reason">Why it is none, for people.</param>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out LockRecord? record, out string? reason)
    {
        record = null;
        reason = CheckHeader(bytes);
        if (reason is not null)
        {
            return false;
        }

        var cost = new Argon2Cost(
            BinaryPrimitives.ReadInt32LittleEndian(bytes.Slice(16)),
            BinaryPrimitives.ReadInt32LittleEndian(bytes.Slice(20)),
            BinaryPrimitives.ReadInt32LittleEndian(bytes.Slice(24)));
        int count = BinaryPrimitives.ReadInt32LittleEndian(bytes.Slice(12));
        ReadOnlySpan<byte> rest = bytes.Slice(HeaderLength, bytes.Length - HeaderLength - (2 * KeyWrap.WrappedLength));
        List<Question>? questions = ReadQuestions(rest, count);
        if (!cost.IsSound || questions is null)
        {
            reason = "the lock record contradicts itself";
            return false;
        }

        record = new LockRecord(
            cost,
            bytes.Slice(AnswerSaltAt, SaltLength).ToArray(),
            bytes.Slice(RecoverySaltAt, SaltLength).ToArray(),
            questions)
        {
            UnderAnswers = bytes.Slice(bytes.Length - (2 * KeyWrap.WrappedLength), KeyWrap.WrappedLength).ToArray(),
            UnderRecovery = bytes.Slice(bytes.Length - KeyWrap.WrappedLength).ToArray(),
        };
        return true;
    }

    private static string? CheckHeader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderLength + (2 * KeyWrap.WrappedLength)
            || bytes.Length > LengthMax
            || !bytes.Slice(0, 4).SequenceEqual("HKLK"u8))
        {
            return "the lock record is none";
        }

        int format = BinaryPrimitives.ReadUInt16LittleEndian(bytes.Slice(4));
        int rule = BinaryPrimitives.ReadUInt16LittleEndian(bytes.Slice(6));
        if (format > Format || rule > AnswerNormaliser.RuleVersion)
        {
            return $"the lock record has format {format} and rule {rule}; this HaukiOS knows {Format} and "
                + $"{AnswerNormaliser.RuleVersion}: a newer one wrote it";
        }

        bool sound = format == Format
            && rule == AnswerNormaliser.RuleVersion
            && BinaryPrimitives.ReadInt32LittleEndian(bytes.Slice(8)) == bytes.Length
            && BinaryPrimitives.ReadInt32LittleEndian(bytes.Slice(28)) == 0;
        return sound ? null : "the lock record contradicts itself";
    }

    private static List<Question>? ReadQuestions(ReadOnlySpan<byte> bytes, int count)
    {
        if (count is < QuestionsMin or > QuestionsMax)
        {
            return null;
        }

        var questions = new List<Question>(count);
        int lastId = -1;
        for (int i = 0; i < count; i++)
        {
            if (bytes.Length < 4)
            {
                return null;
            }

            int id = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(bytes.Slice(2));
            if (id <= lastId || length is < 1 or > QuestionBytesMax || length > bytes.Length - 4)
            {
                return null;
            }

            if (!Utf8Text.TryRead(bytes.Slice(4, length), out string text))
            {
                return null;
            }

            questions.Add(new Question(id, text));
            lastId = id;
            bytes = bytes.Slice(4 + length);
        }

        return bytes.IsEmpty ? questions : null;
    }
}
