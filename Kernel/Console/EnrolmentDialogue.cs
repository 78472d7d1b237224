using System;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Secrets;

namespace HaukiOS.Console;

/// <summary>
/// Makes the operator known to an empty disk: questions and answers in turn, until an empty question after the third
/// pair; then the keys are made.
/// </summary>
internal sealed class EnrolmentDialogue : Dialogue
{
    private readonly List<Question> questions = [];
    private LockAnswers answers = new(LockRecord.QuestionsMax);
    private string? asked;

    public EnrolmentDialogue(ConsoleContext context)
        : base(context)
    {
    }

    public override string? Prompt =>
        asked is null ? $"question {questions.Count + 1}> " : $"answer {questions.Count + 1}> ";

    public override bool IsSecret => asked is not null;

    public override void Begin(Instant now)
    {
        Context.Output.WriteLine("the disk is empty. Choose at least three questions that only you can answer; all");
        Context.Output.WriteLine("answers together open the store. The questions themselves are not secret. An empty");
        Context.Output.WriteLine("question ends the list.");
        if (Context.Parts.Teleporter is not null && Context.Node.IsReachable)
        {
            Context.Output.WriteLine("'standby' waits for a node to move here instead.");
        }
    }

    public override void OnLine(ReadOnlySpan<byte> line, Instant now)
    {
        if (asked is null && line.SequenceEqual("standby"u8))
        {
            answers.Dispose();
            MoveCommands.StandBy(Context, () => new EnrolmentDialogue(Context));
        }
        else if (asked is null)
        {
            TakeQuestion(line);
        }
        else
        {
            TakeAnswer(line);
        }
    }

    public override void OnCancel(Instant now)
    {
        answers.Dispose();
        answers = new LockAnswers(LockRecord.QuestionsMax);
        questions.Clear();
        asked = null;
        Context.Output.WriteLine("starting over");
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> line) => line.Trim((byte)' ');

    private void TakeQuestion(ReadOnlySpan<byte> line)
    {
        line = Trim(line);
        if (line.IsEmpty)
        {
            End();
            return;
        }

        if (line.Length > LockRecord.QuestionBytesMax || !Utf8Text.TryRead(line, out string text))
        {
            Context.Output.WriteLine($"a question has at most {LockRecord.QuestionBytesMax} bytes");
            return;
        }

        foreach (Question question in questions)
        {
            if (SameQuestion(question.Text, line))
            {
                Context.Output.WriteLine("you have asked that already; choose another question");
                return;
            }
        }

        asked = text;
    }

    private static bool SameQuestion(string earlier, ReadOnlySpan<byte> now)
    {
        byte[] one = new byte[System.Text.Encoding.UTF8.GetByteCount(earlier)];
        byte[] other = new byte[now.Length];
        System.Text.Encoding.UTF8.GetBytes(earlier, one);
        int oneLength = AnswerNormaliser.Normalise(one, one);
        int otherLength = AnswerNormaliser.Normalise(now, other);
        return one.AsSpan(0, oneLength).SequenceEqual(other.AsSpan(0, otherLength));
    }

    private void TakeAnswer(ReadOnlySpan<byte> line)
    {
        string? refusal = answers.Set(questions.Count, line) switch
        {
            AnswerFault.Empty => "the answer is empty (capitals, blanks and punctuation do not count)",
            AnswerFault.TooWeak =>
                $"the answer is too weak: at least {LockAnswers.CharactersMin} characters, not all alike",
            AnswerFault.Duplicate => "another question has this answer; choose another",
            AnswerFault.TooLong => $"an answer has at most {LockAnswers.AnswerBytesMax} bytes",
            _ => null,
        };
        if (refusal is not null)
        {
            Context.Output.WriteLine(refusal);
            return;
        }

        questions.Add(new Question(questions.Count + 1, asked!));
        asked = null;
        if (questions.Count == LockRecord.QuestionsMax)
        {
            End();
        }
    }

    private void End()
    {
        if (questions.Count < LockRecord.QuestionsMin)
        {
            Context.Output.WriteLine($"at least {LockRecord.QuestionsMin} questions are needed");
            return;
        }

        int characters = answers.CountCharacters(questions.Count);
        if (characters < LockAnswers.TotalCharactersMin)
        {
            Context.Output.WriteLine(
                $"the answers together are too weak: {characters} characters of {LockAnswers.TotalCharactersMin}; "
                + "add a question");
            return;
        }

        SecretBytes password = answers.Combine(questions.ToArray());
        answers.Dispose();
        Context.SwitchTo(new KeyMakingDialogue(Context, questions, password));
    }
}
