using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using HaukiOS.Host.Unlock;
using HaukiOS.Lock;
using HaukiOS.Secrets;
using HaukiOS.Swarm;
using HaukiOS.Tests.Unit.Swarm;
using NUnit.Framework;
using NUnit.Framework.Constraints;

namespace HaukiOS.Tests.Simulation;

/// <summary>
/// The lock, answered from afar: the real client and the real node, with a wire between them that can be listened to.
/// </summary>
[TestFixture]
public sealed class UnlockTests
{
    [Test]
    public void Right_answers_over_the_network_open_the_store_and_the_console_says_so()
    {
        using var lab = new UnlockLab(1);
        Assert.That(lab.Machine.Output, Does.Contain($"\r\nboot key: {lab.BootKey}\r\nchallenge 1/3: "));
        Assert.That(lab.Unlock(lab.BootKey), Is.EqualTo(UnlockOutcome.Unlocked));
        lab.Turn();
        Assert.That(lab.Machine.Output, Does.EndWith("answer> \r\nunlocked over the network from 10.0.0.7\r\nhauki> "));
        Assert.That(lab.Machine.Say("get boat"), Is.EqualTo("get boat\r\nPerch\r\nhauki> "));
        Assert.That(lab.Said, Does.Contain("unlocked"));
        Assert.That(lab.Machine.Work.LentBytes, Is.Zero);
    }

    [Test]
    public void Answers_never_cross_the_wire_in_clear_and_their_length_does_not_show()
    {
        using var lab = new UnlockLab(2);
        lab.Unlock(lab.BootKey);
        byte[] wire = [.. lab.Wire];
        using var other = new UnlockLab(3);
        other.Knows = UnlockLab.Answers.Keys.ToDictionary(question => question, _ => "x");
        other.Unlock(other.BootKey);
        foreach (string text in UnlockLab.Answers.SelectMany(pair => new[] { pair.Key, pair.Value }))
        {
            foreach (string form in (string[])[text, text.ToLowerInvariant(), text[..6]])
            {
                Assert.That(wire.AsSpan().IndexOf(Encoding.UTF8.GetBytes(form)), Is.Negative, form);
            }
        }

        Assert.That(wire.AsSpan().IndexOf(lab.Operator.PublicKey), Is.Negative, "who the operator is");
        Assert.That(wire.AsSpan().IndexOf(lab.Machine.Node.Boot.Key!.PublicKey), Is.Negative, "which node it is");
        Assert.That(lab.Sent, Is.EqualTo(other.Sent), "bytes towards the node");
    }

    [Test]
    public void Wrong_answers_are_refused_with_a_delay_of_their_own()
    {
        using var lab = new UnlockLab(4);
        lab.Knows = new() { ["Who mended the net?"] = "Great-aunt Helmi" };
        Assert.That(lab.Unlock(lab.BootKey), Is.EqualTo(UnlockOutcome.Refused));
        Assert.That(lab.Said[^1], Does.StartWith("refused: the next attempt is possible in "));
        Assert.That(lab.Keeper.Failed, Is.EqualTo(new FailedAttempts(0, 0, 1)));
        Assert.That(lab.Machine.Output, Does.EndWith("answer> ").And.Not.Contain("locked: "), "the console asks on");
        lab.Knows = UnlockLab.Answers;
        Assert.That(lab.Unlock(), Is.EqualTo(UnlockOutcome.Unlocked), "after waiting");
        lab.Turn();
        Assert.That(lab.Machine.Output, Does.Contain(
            "unlocked over the network from 10.0.0.7\r\nfailed attempts since the last success: 1\r\n"
            + "of these over the network: 1\r\nhauki> "));
        Assert.That(lab.Said[^1], Does.EndWith("0 at the console, 1 over the network"));
    }

    [Test]
    public void An_unknown_node_is_told_nothing_until_its_fingerprint_is_given_and_equal()
    {
        using var lab = new UnlockLab(5);
        UnlockException problem = lab.Fail();
        Assert.That(problem.Outcome, Is.EqualTo(UnlockOutcome.Usage));
        Assert.That(problem.Message, Does.Contain(lab.BootKey.ToString()));
        Assert.That(File.Exists(lab.KnownFile), Is.False);
        Fingerprint other = Fingerprint.Of(new byte[32]);
        Assert.That(lab.Fail(other).Outcome, Is.EqualTo(UnlockOutcome.WrongNode));
        Assert.That(lab.Sessions, Has.All.Matches<UnlockSession>(session => session!.IsOver));
        Assert.That(lab.Unlock(lab.BootKey), Is.EqualTo(UnlockOutcome.Unlocked));
        Assert.That(File.ReadAllText(lab.KnownFile), Is.EqualTo($"10.0.0.1:4285 {lab.BootKey}\n"));
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            Assert.That(File.GetUnixFileMode(lab.KnownFile), Is.EqualTo(mine));
        }
    }

    [Test]
    public void A_changed_fingerprint_is_refused_loudly_even_if_it_is_given()
    {
        using var lab = new UnlockLab(6);
        Fingerprint old = Fingerprint.Of(new byte[32]);
        KnownNodes.Load(lab.KnownFile).Pin(new NodeAddress("10.0.0.1", 4285), old);
        int before = lab.Wire.Count;
        UnlockException problem = lab.Fail(lab.BootKey);
        Assert.That(problem.Outcome, Is.EqualTo(UnlockOutcome.WrongNode));
        Assert.That(problem.Message, Does.Contain("HAS CHANGED").And.Contain($"{old}").And.Contain($"{lab.BootKey}"));
        Assert.That(lab.Sent - before, Is.LessThan(64), "the first message, and no more");
    }

    [Test]
    public void A_bit_changed_on_the_way_to_the_node_opens_nothing([Range(1, 4)] int seed)
    {
        var random = new Random(seed);
        int length = Lengths().ToNode;
        for (int i = 0; i < 12; i++)
        {
            // The handshake is a small part of it, and deserves as much attention.
            int at = random.Next(i % 2 == 0 ? 128 : length);
            using var lab = new UnlockLab(7);
            lab.Reach = (toNode, sent, bytes) => toNode ? Flip(bytes, at - sent) : bytes;
            Assert.That(lab.Fail(lab.BootKey).Outcome, Broken, $"byte {at}");
            Assert.That(lab.Machine.Node.IsOpen, Is.False, $"byte {at}");
            Assert.That(lab.Keeper.Failed.Total, Is.Zero, $"byte {at}: nothing was looked at");
        }
    }

    [Test]
    public void A_bit_changed_on_the_way_to_the_operator_shows_them_nothing_false([Range(1, 4)] int seed)
    {
        var random = new Random(seed);
        int length = Lengths().ToOperator;
        for (int i = 0; i < 12; i++)
        {
            int at = random.Next(i % 2 == 0 ? 100 : length);
            using var lab = new UnlockLab(8);
            lab.Knows = [];
            lab.Reach = (toNode, sent, bytes) => toNode ? bytes : Flip(bytes, at - sent);
            Assert.That(lab.Fail(lab.BootKey).Outcome, Broken, $"byte {at}");
        }
    }

    [Test]
    public void A_recorded_conversation_replayed_opens_nothing_and_is_not_counted()
    {
        using var lab = new UnlockLab(9);
        var recorded = new List<byte>();
        lab.Reach = (toNode, sent, bytes) =>
        {
            if (toNode)
            {
                recorded.AddRange(bytes);
            }

            return bytes;
        };
        lab.Unlock(lab.BootKey);
        lab.Turn();
        lab.Machine.Say("lock");
        byte[] tape = [.. recorded];
        using UnlockSession session = lab.NewSession();
        for (int turn = 0, at = 0; turn < 200; turn++)
        {
            at += session.Feed(tape.AsSpan(at), lab.Machine.Now);
            session.ConsumeOutput(session.Output.Length);
            lab.Turn();
        }

        Assert.That(session.IsOver);
        Assert.That(session.Error, Is.EqualTo(ChannelError.HandshakeFailed));
        Assert.That(lab.Machine.Node.IsOpen, Is.False);
        Assert.That(lab.Keeper.Failed.Total, Is.Zero);
    }

    [Test]
    public void The_console_goes_first_and_the_operator_is_told()
    {
        using var lab = new UnlockLab(10);
        lab.Machine.RunsJobs = false;
        lab.WhileWaiting = () =>
        {
            if (lab.Keeper.Current is { Door: LockDoor.Stranger, State: AttemptState.Deriving })
            {
                Assert.That(lab.Machine.Output, Does.EndWith("answer> "), "the console goes on asking");
                lab.AnswerAtConsole(UnlockLab.Answers);
                lab.Machine.RunsJobs = true;
            }
        };
        UnlockException problem = lab.Fail(lab.BootKey);
        Assert.That(problem.Outcome, Is.EqualTo(UnlockOutcome.Busy));
        Assert.That(problem.Message, Does.Contain("precedence").And.Contain("counted"));
        lab.WhileWaiting = null;
        lab.Turn(1);
        Assert.That(lab.Machine.Output, Does.Contain(
            "\r\nunlocked\r\nfailed attempts since the last success: 1\r\nof these over the network: 1\r\nhauki> "));
    }

    [Test]
    public void While_the_console_answers_the_network_waits_and_then_finds_the_store_open()
    {
        using var lab = new UnlockLab(11);
        lab.Machine.RunsJobs = false;
        lab.AnswerAtConsole(UnlockLab.Answers);
        int turns = 0;
        lab.WhileWaiting = () => lab.Machine.RunsJobs = ++turns > 40;
        Assert.That(lab.Unlock(lab.BootKey), Is.EqualTo(UnlockOutcome.Unlocked));
        Assert.That(lab.Said, Does.Contain("the store is open already"));
        Assert.That(lab.Machine.Output, Does.Contain("\r\nunlocked\r\nhauki> "));
    }

    [Test]
    public void Strangers_who_guess_make_neither_the_console_nor_a_known_operator_wait()
    {
        using var lab = new UnlockLab(12);
        Assert.That(lab.Unlock(lab.BootKey), Is.EqualTo(UnlockOutcome.Unlocked), "now the operator is known");
        lab.Turn();
        string status = lab.Machine.Say("status");
        Assert.That(status, Does.Contain($"boot key: {lab.BootKey}").And.Contain("known operators: 1"));
        lab.Machine.Say("lock");
        KeyPair honest = lab.Operator;
        using KeyPair stranger = KeyPair.Generate(new FixedRandom(99));
        lab.Operator = stranger;
        lab.Knows = [];
        while (lab.Keeper.DelaySeconds(LockDoor.Stranger) <= 60)
        {
            Assert.That(lab.Unlock(), Is.EqualTo(UnlockOutcome.Refused));
        }

        Assert.That(lab.Fail().Outcome, Is.EqualTo(UnlockOutcome.Busy), "a stranger who knows the answers waits, too");
        lab.Operator = honest;
        lab.Knows = UnlockLab.Answers;
        long before = lab.Machine.Now.Nanoseconds;
        Assert.That(lab.Unlock(), Is.EqualTo(UnlockOutcome.Unlocked));
        Assert.That(lab.Machine.Now.Nanoseconds - before, Is.LessThan(10_000_000_000));
    }

    [Test]
    public void An_operator_who_goes_away_ends_the_derivation_and_the_attempt_stays_counted()
    {
        using var lab = new UnlockLab(13);
        lab.Machine.RunsJobs = false;
        UnlockSession? left = null;
        lab.WhileWaiting = () =>
        {
            left = lab.Sessions.Find(session => session.IsTrying) ?? left;
            left?.FeedEnd(lab.Machine.Now);
        };
        Assert.That(lab.Fail(lab.BootKey).Message, Does.Contain("no verdict came"));
        Assert.That(left, Is.Not.Null);
        Assert.That(lab.Keeper.Current, Is.Null);
        Assert.That(lab.Keeper.Failed.Stranger, Is.EqualTo(1));
        lab.WhileWaiting = null;
        lab.Machine.RunsJobs = true;
        lab.Turn(1);
        Assert.That(lab.Machine.Work.LentBytes, Is.Zero);
        Assert.That(lab.Unlock(), Is.EqualTo(UnlockOutcome.Unlocked));
    }

    [Test]
    public void A_half_typed_answer_does_not_end_at_the_prompt_in_clear()
    {
        using var lab = new UnlockLab(14);
        lab.Machine.Type("Silver P");
        lab.Unlock(lab.BootKey);
        lab.Turn();
        Assert.That(lab.Machine.Output, Does.EndWith("unlocked over the network from 10.0.0.7\r\npress Enter> "));
        lab.Machine.Type("erch\r");
        Assert.That(lab.Machine.Output, Does.EndWith("press Enter> ****\r\nhauki> ").And.Not.Contain("erch"));
        Assert.That(lab.Machine.Say("get boat"), Is.EqualTo("get boat\r\nPerch\r\nhauki> "));
    }

    [Test]
    public void A_node_that_is_open_says_so_and_nothing_else()
    {
        using var lab = new UnlockLab(15);
        lab.AnswerAtConsole(UnlockLab.Answers);
        lab.Turn(1);
        Assert.That(lab.Unlock(lab.BootKey), Is.EqualTo(UnlockOutcome.Unlocked));
        Assert.That(lab.Said, Does.Contain("the store is open already"));
    }

    [Test]
    public void Whoever_says_nothing_or_everything_slowly_is_dropped()
    {
        using var lab = new UnlockLab(16);
        using UnlockSession silent = lab.NewSession(), slow = lab.NewSession();
        for (int i = 0; i < 30; i++)
        {
            byte[] beginning = [.. "HKC1"u8, 0, 32];
            slow.Feed([i < beginning.Length ? beginning[i] : (byte)0], lab.Machine.Now);
            lab.Turn(0.2);
        }

        Assert.That(silent.IsOver && slow.IsOver);
        Assert.That(slow.Error, Is.EqualTo(ChannelError.HandshakeTimedOut));
    }

    [Test]
    public void Whoever_thinks_about_the_answers_for_too_long_is_dropped()
    {
        using var lab = new UnlockLab(17);
        using LabStream stream = lab.Connect();
        using var client = new UnlockClient(stream, lab.Operator);
        client.Meet();
        Assert.That(client.Accept().Kind, Is.EqualTo(UnlockReplyKind.Questions));
        Assert.That(lab.Sessions[^1].IsOver, Is.False);
        lab.Turn(UnlockProtocol.AnswersMilliseconds / 1000.0 + 0.1);
        Assert.That(lab.Sessions[^1].IsOver);
    }

    [Test]
    public void Answers_that_are_no_answers_are_not_counted()
    {
        using var lab = new UnlockLab(18);
        byte[] message = new byte[UnlockAnswers.LengthMax];
        int length = UnlockAnswers.Begin(message);
        UnlockAnswers.Add(message, ref length, 1, "Pyhajarvi"u8);
        using LabStream stream = lab.Connect();
        using var client = new UnlockClient(stream, lab.Operator);
        client.Meet();
        client.Accept();
        client.SendAnswers(message.AsSpan(0, length));
        Assert.That(client.Receive(TimeSpan.FromSeconds(5)).Kind, Is.EqualTo(UnlockReplyKind.Unavailable));
        Assert.That(lab.Keeper.Failed.Total, Is.Zero);
    }

    [Test]
    public void Something_else_at_the_port_is_told_apart()
    {
        using var lab = new UnlockLab(19);
        lab.Reach = (toNode, _, bytes) => toNode ? bytes : Encoding.ASCII.GetBytes("SSH-2.0-OpenSSH_9.2\r\n");
        Assert.That(lab.Fail(lab.BootKey).Message, Does.Contain("not a HaukiOS node"));
    }

    [Test]
    public void A_disk_without_a_boot_record_gets_one_when_it_is_unlocked()
    {
        using var lab = new UnlockLab(20, UnlockLab.WithoutBootRecord());
        Assert.That(lab.Machine.Node.Boot.Record, Is.Null);
        Assert.That(lab.Machine.Output, Does.Not.Contain("boot key"));
        string said = lab.AnswerAtConsole(UnlockLab.Answers);
        Assert.That(said, Does.Match("unlocked\r\nboot key: [0-9A-Z-]{39} \\(new\\)\r\n"));
        using var again = new UnlockLab(21, lab.Disk);
        Assert.That(again.BootKey, Is.EqualTo(lab.BootKey));
        Assert.That(again.Unlock(again.BootKey), Is.EqualTo(UnlockOutcome.Unlocked));
    }

    private static IResolveConstraint Broken =>
        Is.EqualTo(UnlockOutcome.Unreachable).Or.EqualTo(UnlockOutcome.NoVerdict);

    private static byte[] Flip(byte[] bytes, int at)
    {
        if (at >= 0 && at < bytes.Length)
        {
            bytes = (byte[])bytes.Clone();
            bytes[at] ^= 0x10;
        }

        return bytes;
    }

    // All that is sent in a conversation with wrong answers, but for the goodbyes.
    private static (int ToNode, int ToOperator) Lengths()
    {
        using var lab = new UnlockLab(7);
        lab.Knows = [];
        lab.Unlock(lab.BootKey);
        const int Goodbye = 2 + 3 + 16;
        return (lab.Streams[1].Sent - Goodbye, lab.Streams[1].Received - Goodbye);
    }
}
