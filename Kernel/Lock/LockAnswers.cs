using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using HaukiOS.Secrets;

namespace HaukiOS.Lock;

/// <summary>Why an answer cannot guard anything.</summary>
public enum AnswerFault
{
    /// <summary>It can.</summary>
    None,

    /// <summary>Nothing is left of it after normalisation.</summary>
    Empty,

    /// <summary>Too few characters, or one character repeated.</summary>
    TooWeak,

    /// <summary>Another question has the same answer.</summary>
    Duplicate,

    /// <summary>Longer than <see cref="LockAnswers.AnswerBytesMax"/>.</summary>
    TooLong,
}

/// <summary>
/// The normalised answers of one attempt, in places that are wiped. Their combination, id and length before each and
/// ascending by id, is the password of the derivation: there is nothing that a single answer could be tested on.
/// </summary>
public sealed class LockAnswers : IDisposable
{
    /// <summary>Bytes of an answer, at most.</summary>
    public const int AnswerBytesMax = 256;

    /// <summary>Characters of an answer after normalisation, at least.</summary>
    public const int CharactersMin = 3;

    /// <summary>Characters of all answers together, at least.</summary>
    public const int TotalCharactersMin = 12;

    private readonly SecretBytes[] slots;
    private readonly int[] lengths;

    /// <summary>Room for <paramref name="count"/> answers, all still missing.</summary>
    public LockAnswers(int count)
    {
        slots = new SecretBytes[count];
        lengths = new int[count];
        for (int i = 0; i < count; i++)
        {
            slots[i] = new SecretBytes(AnswerBytesMax);
        }
    }

    /// <summary>Takes an answer as typed.</summary>
    /// <returns>
    /// What is wrong with it as a new answer. Only <see cref="AnswerFault.TooLong"/> keeps it from being taken: at the
    /// lock a weak answer is simply a wrong one.
    /// </returns>
    public AnswerFault Set(int index, ReadOnlySpan<byte> typed)
    {
        lengths[index] = 0;
        CryptographicOperations.ZeroMemory(slots[index].Span);
        if (typed.Length > AnswerBytesMax)
        {
            return AnswerFault.TooLong;
        }

        lengths[index] = AnswerNormaliser.Normalise(typed, slots[index].Span);
        return Judge(index);
    }

    /// <summary>Characters of the first <paramref name="count"/> answers together.</summary>
    public int CountCharacters(int count)
    {
        int total = 0;
        for (int i = 0; i < count; i++)
        {
            total += AnswerNormaliser.CountCharacters(Answer(i));
        }

        return total;
    }

    /// <summary>The first <paramref name="questions"/> answers as one secret; the answers lie as the ids do.</summary>
    public SecretBytes Combine(ReadOnlySpan<Question> questions)
    {
        int length = 0;
        for (int i = 0; i < questions.Length; i++)
        {
            length += 4 + lengths[i];
        }

        var combined = new SecretBytes(length);
        Span<byte> rest = combined.Span;
        for (int i = 0; i < questions.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(rest, (ushort)questions[i].Id);
            BinaryPrimitives.WriteUInt16LittleEndian(rest.Slice(2), (ushort)lengths[i]);
            Answer(i).CopyTo(rest.Slice(4));
            rest = rest.Slice(4 + lengths[i]);
        }

        return combined;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SecretBytes slot in slots)
        {
            slot.Dispose();
        }

        Array.Clear(lengths);
    }

    private ReadOnlySpan<byte> Answer(int index) => slots[index].Span.Slice(0, lengths[index]);

    private AnswerFault Judge(int index)
    {
        ReadOnlySpan<byte> answer = Answer(index);
        if (answer.IsEmpty)
        {
            return AnswerFault.Empty;
        }

        bool varied = false;
        foreach (byte value in answer)
        {
            varied |= value != answer[0];
        }

        if (!varied || AnswerNormaliser.CountCharacters(answer) < CharactersMin)
        {
            return AnswerFault.TooWeak;
        }

        for (int i = 0; i < index; i++)
        {
            if (Answer(i).SequenceEqual(answer))
            {
                return AnswerFault.Duplicate;
            }
        }

        return AnswerFault.None;
    }
}
