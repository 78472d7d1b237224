using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using HaukiOS.Lock;
using HaukiOS.Secrets;
using HaukiOS.Swarm;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Swarm;

/// <summary>The messages of the network unlock: what is written is read, and nothing else is.</summary>
[TestFixture]
public sealed class UnlockMessageTests
{
    private static readonly List<Question> Questions = [new(1, "Which lake?"), new(2, "Böat?"), new(7, "Net?")];

    [Test]
    public void Every_kind_of_reply_is_read_as_it_was_written([Values] UnlockReplyKind kind)
    {
        var reply = new UnlockReply
        {
            Kind = kind,
            Thousandths = 999,
            Seconds = 3600,
            FailedAtConsole = 3,
            FailedOverNetwork = int.MaxValue,
            Text = "the disk is on fire, für sure",
            Questions = kind == UnlockReplyKind.Questions ? Questions : [],
        };
        Assert.That(UnlockReply.TryDecode(Encode(reply), out UnlockReply? read));
        Assert.That(read!.Kind, Is.EqualTo(kind));
        Assert.That((read.Thousandths, read.Seconds, read.FailedAtConsole), Is.EqualTo((999, 3600, 3)));
        Assert.That(read.FailedOverNetwork, Is.EqualTo(1_000_000_000));
        Assert.That(read.Text, Is.EqualTo(reply.Text));
        Assert.That(read.Questions, Is.EqualTo(reply.Questions));
    }

    [Test]
    public void The_longest_questions_fit_and_a_text_too_long_is_cut()
    {
        var questions = new List<Question>();
        for (int i = 0; i < LockRecord.QuestionsMax; i++)
        {
            questions.Add(new Question(i, new string('?', LockRecord.QuestionBytesMax)));
        }

        var reply = new UnlockReply
        {
            Kind = UnlockReplyKind.Questions, Questions = questions, Text = new string('ä', 300),
        };
        Assert.That(UnlockReply.TryDecode(Encode(reply), out UnlockReply? read));
        Assert.That(read!.Questions, Is.EqualTo(questions));
        Assert.That(read.Text, Is.EqualTo(new string('ä', UnlockReply.TextMax / 2)));
    }

    [Test]
    public void A_reply_that_was_changed_is_refused_or_means_what_it_says([Range(1, 3)] int seed)
    {
        var random = new Random(seed);
        byte[] good = Encode(new UnlockReply { Kind = UnlockReplyKind.Questions, Questions = Questions, Text = "abc" });
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bad = Mutate(good, random);
            if (UnlockReply.TryDecode(bad, out UnlockReply? read))
            {
                Assert.That(Encode(read!), Is.EqualTo(bad), $"seed {seed}, case {i}");
            }
            else
            {
                refused++;
            }
        }

        Assert.That(refused, Is.GreaterThan(10_000));
    }

    [Test]
    public void Questions_out_of_order_too_few_or_with_control_characters_are_refused()
    {
        List<Question>[] wrong =
        [
            [new(1, "a"), new(1, "b"), new(2, "c")],
            [new(2, "a"), new(1, "b"), new(3, "c")],
            [new(1, "a"), new(2, "b")],
            [new(1, "a"), new(2, "b\u001B[2J"), new(3, "c")],
            [new(1, "a"), new(2, string.Empty), new(3, "c")],
        ];
        foreach (List<Question> questions in wrong)
        {
            var reply = new UnlockReply { Kind = UnlockReplyKind.Questions, Questions = questions };
            Assert.That(UnlockReply.TryDecode(Encode(reply), out _), Is.False, string.Join(' ', questions));
        }
    }

    [Test]
    public void Answers_combine_to_what_the_console_would_have_made_of_them()
    {
        using var typed = new LockAnswers(3);
        string[] answers = ["Pyhäjärvi", "Silver Perch", string.Empty];
        for (int i = 0; i < answers.Length; i++)
        {
            typed.Set(i, Encoding.UTF8.GetBytes(answers[i]));
        }

        using SecretBytes expected = typed.Combine(Questions.ToArray());
        Assert.That(UnlockAnswers.TryRead(Compose(answers), Questions, out SecretBytes? combined));
        Assert.That(combined!.Span.SequenceEqual(expected.Span));
    }

    [Test]
    public void Answers_that_were_changed_are_refused_or_are_answers_to_each_question([Range(1, 3)] int seed)
    {
        var random = new Random(seed);
        byte[] good = Compose(["Pyhäjärvi", "Silver Perch", "Helmi"]);
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bad = Mutate(good, random);
            bool isRead = UnlockAnswers.TryRead(bad, Questions, out SecretBytes? combined);
            Assert.That(combined is not null, Is.EqualTo(isRead));
            combined?.Dispose();
            refused += isRead ? 0 : 1;
        }

        Assert.That(refused, Is.GreaterThan(5_000));
    }

    [Test]
    public void The_longest_answers_fit_and_one_byte_more_is_refused()
    {
        List<Question> questions = [.. Enumerable.Range(0, LockRecord.QuestionsMax).Select(i => new Question(i, "?"))];
        byte[] message = new byte[UnlockAnswers.LengthMax];
        int length = UnlockAnswers.Begin(message);
        foreach (Question question in questions)
        {
            UnlockAnswers.Add(message, ref length, question.Id, new byte[LockAnswers.AnswerBytesMax]);
        }

        Assert.That(length, Is.EqualTo(UnlockAnswers.LengthMax));
        Assert.That(UnlockAnswers.TryRead(message, questions, out SecretBytes? combined));
        combined!.Dispose();
        Assert.That(UnlockAnswers.TryRead([.. message, 0], questions, out _), Is.False);
        byte[] tooLong = new byte[2 + (3 * 4) + 257];
        length = UnlockAnswers.Begin(tooLong);
        UnlockAnswers.Add(tooLong, ref length, 1, new byte[257]);
        UnlockAnswers.Add(tooLong, ref length, 2, []);
        UnlockAnswers.Add(tooLong, ref length, 7, []);
        Assert.That(UnlockAnswers.TryRead(tooLong, Questions, out _), Is.False);
    }

    private static byte[] Encode(UnlockReply reply)
    {
        byte[] message = new byte[UnlockProtocol.MessageMax];
        return message[..reply.Encode(message)];
    }

    private static byte[] Compose(string[] answers)
    {
        byte[] message = new byte[UnlockAnswers.LengthMax];
        int length = UnlockAnswers.Begin(message);
        for (int i = 0; i < answers.Length; i++)
        {
            UnlockAnswers.Add(message, ref length, Questions[i].Id, Encoding.UTF8.GetBytes(answers[i]));
        }

        return message[..length];
    }

    private static byte[] Mutate(byte[] good, Random random)
    {
        byte[] bad = (byte[])good.Clone();
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            bad[random.Next(bad.Length)] = (byte)random.Next(256);
        }

        return random.Next(4) switch
        {
            0 => bad[..random.Next(bad.Length)],
            1 => [.. bad, .. new byte[random.Next(1, 9)]],
            _ => bad,
        };
    }
}
