using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Security.Cryptography;
using HaukiOS.Lock;
using HaukiOS.Secrets;

namespace HaukiOS.Swarm;

/// <summary>
/// The one message from the operator: all answers as they were typed. Kind (1, always 16), count (1), and for each, in
/// the order of the questions: id (2), length (2), UTF-8. Little endian. Whoever holds such a message wipes it.
/// </summary>
public static class UnlockAnswers
{
    /// <summary>The longest message.</summary>
    public const int LengthMax = UnlockProtocol.AnswersPadded;

    private const byte Kind = 16;

    /// <summary>Begins a message.</summary>
    /// <returns>Its length so far.</returns>
    public static int Begin(Span<byte> message)
    {
        message[0] = Kind;
        message[1] = 0;
        return 2;
    }

    /// <summary>Adds an answer; to be called in the order of the questions.</summary>
    /// <param name="message"><see cref="LengthMax"/> bytes.</param>
    /// <param name="length">The message's length so far; grows.</param>
    /// <param name="id">The question.</param>
    /// <param name="answer">At most <see cref="LockAnswers.AnswerBytesMax"/> bytes.</param>
    public static void Add(Span<byte> message, ref int length, int id, ReadOnlySpan<byte> answer)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(message[length..], (ushort)id);
        BinaryPrimitives.WriteUInt16LittleEndian(message[(length + 2)..], (ushort)answer.Length);
        answer.CopyTo(message[(length + 4)..]);
        length += 4 + answer.Length;
        message[1]++;
    }

    /// <summary>
    /// Reads a message and combines the answers. Nothing is given out before the whole message is known to hold one
    /// answer to each question and nothing else.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="questions">What was asked, ascending by id.</param>
    /// <param name="combined">What keys are derived from; the caller disposes it.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> message, IReadOnlyList<Question> questions, out SecretBytes? combined)
    {
        combined = null;
        if (!IsWellFormed(message, questions))
        {
            return false;
        }

        using var answers = new LockAnswers(questions.Count);
        ReadOnlySpan<byte> rest = message[2..];
        var asked = new Question[questions.Count];
        for (int i = 0; i < asked.Length; i++)
        {
            asked[i] = questions[i];
            int length = BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]);
            answers.Set(i, rest.Slice(4, length));
            rest = rest[(4 + length)..];
        }

        combined = answers.Combine(asked);
        return true;
    }

    /// <summary>Wipes a message.</summary>
    public static void Wipe(Span<byte> message) => CryptographicOperations.ZeroMemory(message);

    private static bool IsWellFormed(ReadOnlySpan<byte> message, IReadOnlyList<Question> questions)
    {
        if (message.Length is < 2 or > LengthMax || message[0] != Kind || message[1] != questions.Count)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = message[2..];
        for (int i = 0; i < questions.Count; i++)
        {
            if (rest.Length < 4 || BinaryPrimitives.ReadUInt16LittleEndian(rest) != questions[i].Id)
            {
                return false;
            }

            int length = BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]);
            if (length > LockAnswers.AnswerBytesMax || length > rest.Length - 4)
            {
                return false;
            }

            rest = rest[(4 + length)..];
        }

        return rest.IsEmpty;
    }
}
