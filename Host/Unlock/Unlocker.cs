using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using HaukiOS.Lock;
using HaukiOS.Secrets;
using HaukiOS.Swarm;

namespace HaukiOS.Host.Unlock;

/// <summary>
/// Unlocks a node: fetches its questions, asks the operator, and sends the answers over a second connection, because
/// the node does not hold a place for somebody who types. Nothing at all is said to a node that is not the pinned one.
/// </summary>
public sealed class Unlocker
{
    // The longest derivation worth waiting for: many times what any node chooses.
    private static readonly TimeSpan DerivationPatience = TimeSpan.FromMinutes(3);

    // How soon a node that is being flooded is asked again. A place becomes free a few times a second and goes to
    // whoever comes next: it is those who ask often that get in.
    private static readonly TimeSpan FloodPause = TimeSpan.FromMilliseconds(60);

    private readonly NodeAddress node;
    private readonly KnownNodes known;
    private readonly KeyPair operatorKey;
    private readonly IUnlockOperator person;
    private readonly Func<Stream> connect;

    /// <summary>An unlocking that has not begun.</summary>
    /// <param name="node">The node.</param>
    /// <param name="known">The pins.</param>
    /// <param name="operatorKey">Who the operator is.</param>
    /// <param name="person">The operator.</param>
    /// <param name="connect">
    /// Opens a connection; throws an <see cref="UnlockException"/> or a <see cref="SocketException"/>.
    /// </param>
    public Unlocker(
        NodeAddress node, KnownNodes known, KeyPair operatorKey, IUnlockOperator person, Func<Stream> connect)
    {
        this.node = node;
        this.known = known;
        this.operatorKey = operatorKey;
        this.person = person;
        this.connect = connect;
    }

    /// <summary>The fingerprint that the operator has read at the node's console; null to rely on the pin.</summary>
    public Fingerprint? Given { get; init; }

    /// <summary>How long to wait when the node takes no answers for a while.</summary>
    public TimeSpan DelayPatience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a node that is being flooded is asked again and again.</summary>
    public TimeSpan FloodPatience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The time that passes; a simulation has its own.</summary>
    public Func<TimeSpan> Now { get; init; } = static () => Stopwatch.GetElapsedTime(0);

    /// <summary>Does it all.</summary>
    /// <exception cref="UnlockException">It did not come about.</exception>
    public UnlockOutcome Run()
    {
        var first = Retry(FetchQuestions);
        if (first.Kind == UnlockReplyKind.AlreadyUnlocked)
        {
            person.Say("the store is open already");
            return UnlockOutcome.Unlocked;
        }

        using var message = new SecretBytes(UnlockAnswers.LengthMax);
        var length = Ask(first.Questions, message);
        WaitFor(first.Seconds);
        while (true)
        {
            var verdict = Retry(() => SendAnswers(first.Questions, message.Span[..length]));
            if (verdict.Kind != UnlockReplyKind.Busy)
            {
                return Judge(verdict);
            }

            // Somebody else's answers are being looked at, or there is a delay.
            WaitFor(Math.Max(1, verdict.Seconds));
        }
    }

    private UnlockReply FetchQuestions()
    {
        using var stream = connect();
        using var client = new UnlockClient(stream, operatorKey);
        var reply = Greet(client);
        client.Close();
        return reply;
    }

    private UnlockReply SendAnswers(IReadOnlyList<Question> asked, ReadOnlySpan<byte> message)
    {
        using var stream = connect();
        using var client = new UnlockClient(stream, operatorKey);
        var reply = Greet(client);
        if (reply.Kind == UnlockReplyKind.AlreadyUnlocked)
        {
            return reply;
        }

        if (!reply.Questions.SequenceEqual(asked))
        {
            throw new UnlockException(UnlockOutcome.Unreachable, "the node has other questions now; start over");
        }

        client.SendAnswers(message);
        do
        {
            reply = AfterAnswers(client);
            if (reply.Kind == UnlockReplyKind.Progress)
            {
                person.Progress(reply.Thousandths);
            }
        }
        while (reply.Kind == UnlockReplyKind.Progress);
        client.Close();
        return reply;
    }

    private static UnlockReply AfterAnswers(UnlockClient client)
    {
        try
        {
            return client.Receive(DerivationPatience);
        }
        catch (UnlockException problem)
        {
            // Not to be repeated by itself: the attempt may have been counted.
            throw new UnlockException(
                UnlockOutcome.NoVerdict, "the answers were sent, but no verdict came: " + problem.Message);
        }
    }

    private UnlockReply Greet(UnlockClient client)
    {
        Recognise(client.Meet());
        var reply = client.Accept();
        return reply.Kind switch
        {
            UnlockReplyKind.Questions or UnlockReplyKind.AlreadyUnlocked => reply,
            UnlockReplyKind.Unavailable => throw new UnlockException(UnlockOutcome.Unreachable, reply.Text),
            _ => throw new UnlockException(UnlockOutcome.Unreachable, "the node says something that makes no sense"),
        };
    }

    private void Recognise(Fingerprint shown)
    {
        var pinned = known.Find(node);
        if (pinned is not null && !pinned.Equals(shown))
        {
            throw new UnlockException(
                UnlockOutcome.WrongNode,
                $"""
                THE KEY OF {node} HAS CHANGED. Nothing was said to it.
                  pinned: {pinned}
                  shown:  {shown}
                Somebody may be posing as the node. If it was enrolled anew, compare the key that is shown with the one
                on its serial console, and remove its line from {known.File}.
                """);
        }

        if (Given is not null && !Given.Equals(shown))
        {
            throw new UnlockException(
                UnlockOutcome.WrongNode,
                $"{node} has the key {shown}, and not the one given with --fingerprint. Nothing was said to it.");
        }

        if (pinned is null && Given is null)
        {
            throw new UnlockException(
                UnlockOutcome.Usage,
                $"""
                {node} is not known. Its boot key is
                  {shown}
                Compare it with the line 'boot key' on the node's serial console. If they are the same:
                  hauki unlock {node} --fingerprint {shown}
                """);
        }

        if (pinned is null)
        {
            known.Pin(node, shown);
            person.Say($"{node} is pinned in {known.File}");
        }
    }

    private int Ask(IReadOnlyList<Question> questions, SecretBytes message)
    {
        using var answer = new SecretBytes(LockAnswers.AnswerBytesMax);
        var length = UnlockAnswers.Begin(message.Span);
        for (var i = 0; i < questions.Count; i++)
        {
            int typed;
            while ((typed = person.Ask(i + 1, questions.Count, questions[i], answer)) > answer.Length)
            {
                person.Say($"an answer has at most {answer.Length} bytes");
            }

            if (typed < 0)
            {
                throw new UnlockException(UnlockOutcome.Usage, $"there is no answer to question {i + 1}");
            }

            UnlockAnswers.Add(message.Span, ref length, questions[i].Id, answer.Span[..typed]);
            answer.Span.Clear();
        }

        return length;
    }

    private void WaitFor(int seconds)
    {
        if (seconds <= 0)
        {
            return;
        }

        if (seconds > DelayPatience.TotalSeconds)
        {
            throw new UnlockException(UnlockOutcome.Busy, $"the node takes no answers for {seconds} s");
        }

        person.Say($"the node takes no answers for {seconds} s; waiting");
        person.Wait(TimeSpan.FromSeconds(seconds));
    }

    private UnlockOutcome Judge(UnlockReply verdict)
    {
        switch (verdict.Kind)
        {
            case UnlockReplyKind.AlreadyUnlocked:
                person.Say("the store is open already");
                return UnlockOutcome.Unlocked;
            case UnlockReplyKind.Unlocked:
                person.Say("unlocked");
                if (verdict.FailedAtConsole + verdict.FailedOverNetwork > 0)
                {
                    person.Say(
                        $"failed attempts since the last success: {verdict.FailedAtConsole} at the console, "
                        + $"{verdict.FailedOverNetwork} over the network");
                }

                return UnlockOutcome.Unlocked;
            case UnlockReplyKind.Refused:
                person.Say($"refused: the next attempt is possible in {verdict.Seconds} s");
                return UnlockOutcome.Refused;
            case UnlockReplyKind.Interrupted:
                throw new UnlockException(
                    UnlockOutcome.Busy,
                    "somebody with precedence answers at this moment; the attempt was counted, the next one is "
                    + $"possible in {verdict.Seconds} s");
            case UnlockReplyKind.Unavailable:
                throw new UnlockException(UnlockOutcome.Unreachable, "the node cannot do it: " + verdict.Text);
            default:
                throw new UnlockException(
                    UnlockOutcome.Unreachable, "the node says something that makes no sense");
        }
    }

    // A node that is flooded may push an honest connection out before its handshake is done.
    private UnlockReply Retry(Func<UnlockReply> attempt)
    {
        var began = Now();
        var wasThere = false;
        while (true)
        {
            try
            {
                return attempt();
            }
            catch (UnlockException problem)
                when ((problem.IsPassing || wasThere) && problem.Outcome == UnlockOutcome.Unreachable
                    && Now() - began < FloodPatience)
            {
                if (!wasThere)
                {
                    // From now on silence is part of the flood, too.
                    wasThere = true;
                    person.Say($"{problem.Message}; trying again");
                }

                person.Wait(FloodPause);
            }
        }
    }
}
